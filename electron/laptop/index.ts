import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fail, METER_STATE, ok, type Result, reasonOf } from '../../shared/domain/problem.ts';
import { freeBytes } from './disk.ts';
import { type ProgramFiles, programFiles } from './files.ts';
import { startHelper } from './helper-process.ts';
import { findIonSetup, startablePath } from './ion-setup.ts';
import { keepAwake, keepAwakeRecipe, type StartHelper } from './keep-awake.ts';
import { type PowerSupply, readPower, readPowerSupplies } from './power.ts';
import { environmentOfChildren, type Run, runCommand } from './run.ts';
import type { Laptop } from './types.ts';

/** Everything of the operating system that the laptop's adapter touches; each part has the real one as its default. */
export interface LaptopOptions {
  readonly platform?: NodeJS.Platform;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly run?: Run;
  readonly files?: ProgramFiles;
  readonly powerSupplies?: () => Promise<readonly PowerSupply[] | null>;
  readonly startHelper?: StartHelper;
  /** Starts a program that outlives us. */
  readonly startProgram?: (path: string) => Promise<void>;
}

/** This PC. Nothing here throws: what the PC does not say is null, missing or a problem. */
export function createLaptop(options: LaptopOptions = {}): Laptop {
  const pc = {
    platform: options.platform ?? process.platform,
    environment: options.environment ?? process.env,
    run: options.run ?? runCommand,
    files: options.files ?? programFiles,
    powerSupplies: options.powerSupplies ?? readPowerSupplies,
    pid: process.pid,
  };
  const start = options.startHelper ?? startHelper;
  const startProgram = options.startProgram ?? startDetached;
  return {
    findIonSetup: (hint) => findIonSetup(pc, hint),
    async startIonSetup(finding) {
      const startable = await startablePath(pc, finding);
      if ('because' in startable) return cannotStart(startable.because);
      try {
        await startProgram(startable.path);
        return ok(undefined);
      } catch (thrown) {
        return cannotStart(`Starting the program failed: ${reasonOf(thrown)}`);
      }
    },
    power: () => readPower(pc),
    freeBytes,
    keepAwake: (why) => keepAwake(start, keepAwakeRecipe(pc, why)),
  };
}

/** Resolves once the program runs. It gets no argument and none of our pipes, so that it goes on when we end. */
function startDetached(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, [], {
      cwd: dirname(path),
      detached: true,
      env: environmentOfChildren(process.env),
      shell: false,
      stdio: 'ignore',
    });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}

function cannotStart(because: string): Result<void> {
  return fail({
    code: 'ion-setup/cannot-start',
    title: 'ION Setup was not started',
    because,
    meterState: METER_STATE.untouched,
    nextStep:
      'Start ION Setup yourself (as administrator, where Windows asks for it) and go on with the written steps.',
  });
}
