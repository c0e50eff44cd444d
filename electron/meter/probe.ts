import type { Capability, CapabilityId, CapabilityState } from '../../shared/domain/capability.ts';
import { atLeast, formatFirmware } from '../../shared/domain/firmware-version.ts';
import type { MeterIdentity } from '../../shared/domain/identity.ts';
import type { Problem, Result } from '../../shared/domain/problem.ts';
import { mayRead } from '../../shared/domain/provenance.ts';
import type { SftpClient } from '../protocols/sftp/types.ts';
import { referenceOf } from './identity.ts';
import { exceptionOf, isException } from './modbus-problem.ts';
import type { MeterProfile } from './profile.ts';
import type { Touch, TouchOptions } from './touch.ts';
import type { MeterAddress } from './types.ts';

/** What a probe uses of the meter it probes. Nothing here writes. */
export interface ProbeOptions {
  readonly address: MeterAddress;
  readonly profile: MeterProfile;
  readonly signal: AbortSignal;
  touch(options: TouchOptions): Promise<Touch>;
  identify(): Promise<Result<MeterIdentity>>;
  reference(): Promise<Result<string>>;
  /** True while an SFTP session of this meter object is open: then nobody needs to knock. */
  sftpOpen(): boolean;
  /** Logs in; undefined where no credentials were given. */
  readonly login: (() => Promise<Result<SftpClient>>) | undefined;
}

/** The folder in which a simulated meter takes its main firmware; no vendor document names one. */
const UPGRADE_FOLDER = 'firmwareUpg';

/** Asks every protocol of the meter in turn, one connection at a time, and says of each what it can do now and why. */
export async function probeMeter(options: ProbeOptions): Promise<readonly Capability[]> {
  const { profile, signal } = options;
  const identity = await options.identify();
  const firmware = identity.ok ? identity.value.firmware : null;
  const capabilities: Capability[] = [modbusCapability(identity)];
  const add = (capability: Capability): void => {
    capabilities.push(signal.aborted ? stopped(capability.id) : capability);
  };
  add(await identificationCapability(options, identity));
  const { capability: sftp, client } = await sftpCapability(options);
  add(sftp);
  add(await upgradeFolderCapability(options, identity, sftp, client));

  const dlms = profile.port('dlms');
  if (firmware !== null && dlms?.fromFirmware && !atLeast(firmware, dlms.fromFirmware)) {
    add(tooOld('dlms', 'DLMS', formatFirmware(dlms.fromFirmware), formatFirmware(firmware)));
  } else {
    add(dlmsCapability(options.address.ports.dlms, await knock(options, options.address.ports.dlms, 'hang-up')));
  }

  const bacnet = profile.port('bacnet');
  if (firmware !== null && bacnet?.fromFirmware && !atLeast(firmware, bacnet.fromFirmware)) {
    add(tooOld('bacnet', 'BACnet/IP', formatFirmware(bacnet.fromFirmware), formatFirmware(firmware)));
  } else {
    add(
      capability(
        'bacnet',
        'unknown',
        'This version of the program has no BACnet client yet, so BACnet/IP was not asked.',
      ),
    );
  }

  const ion = profile.port('ion');
  if (ion !== undefined) add(ionCapability(ion.port, await knock(options, ion.port, 'nothing')));
  return capabilities;
}

/** Every capability unknown for one reason: when nothing can be asked at all. */
export function unknownCapabilities(ids: readonly CapabilityId[], because: string): readonly Capability[] {
  return ids.map((id) => capability(id, 'unknown', because));
}

function modbusCapability(identity: Result<MeterIdentity>): Capability {
  if (identity.ok) return capability('modbus-tcp', 'open', 'The meter answers Modbus TCP.');
  const { problem } = identity;
  if (problem.code === 'meter/not-recognised') return capability('modbus-tcp', 'open', problem.because);
  return capability('modbus-tcp', stateOf(problem), problem.because);
}

/** What a failed connection or request says of its protocol. */
function stateOf(problem: Problem): CapabilityState {
  switch (problem.code) {
    case 'modbus/refused':
      return 'refused';
    case 'modbus/closed':
      return 'busy';
    case 'modbus/timeout':
    case 'modbus/unreachable':
      return 'no-answer';
    default:
      return 'unknown';
  }
}

async function identificationCapability(options: ProbeOptions, identity: Result<MeterIdentity>): Promise<Capability> {
  const id = 'modbus-identification';
  if (!identity.ok && identity.problem.code !== 'meter/not-recognised') {
    return capability(id, 'unknown', 'It travels over Modbus TCP, which gives no answer.');
  }
  const answer = await options.reference();
  if (answer.ok && referenceOf(answer) !== null) {
    return capability(id, 'open', 'The meter gives its commercial reference by function code 43.');
  }
  const shipped = 'Only meters that were shipped with 4.6.0 or later give it; an upgrade to 4.6.0 does not bring it.';
  if (answer.ok)
    return capability(id, 'open', `Function code 43 is answered, without a commercial reference. ${shipped}`);
  if (exceptionOf(answer.problem) === 1) {
    return capability(id, 'not-on-this-firmware', 'This firmware does not know function code 43.');
  }
  if (isException(answer.problem)) {
    return capability(id, 'open', `Function code 43 is known, the commercial reference is not there. ${shipped}`);
  }
  return capability(id, stateOf(answer.problem), `Function code 43: ${answer.problem.because} ${shipped}`);
}

async function sftpCapability(
  options: ProbeOptions,
): Promise<{ readonly capability: Capability; readonly client: SftpClient | undefined }> {
  const { address, login } = options;
  const port = address.ports.sftp;
  if (!options.sftpOpen()) {
    const found = await sftpTouched(options, port);
    if (found.state !== 'open' || login === undefined) return { capability: found, client: undefined };
  }
  const session = await login?.();
  if (session === undefined || session.ok) {
    const because = `The meter accepts an SFTP session on port ${port}.`;
    return { capability: capability('sftp', 'open', because), client: session?.value };
  }
  const { title, because } = session.problem;
  const refused = `Port ${port} is open, but no session came about: ${title}. ${because}`;
  const state = session.problem.code === 'sftp/busy' ? 'busy' : 'refused';
  return { capability: capability('sftp', state, refused), client: undefined };
}

async function sftpTouched(options: ProbeOptions, port: number): Promise<Capability> {
  const touch = await knock(options, port, 'banner');
  if (touch.kind === 'dropped') {
    return capability(
      'sftp',
      'busy',
      `Port ${port} accepts a connection and ends it at once: both SFTP sessions of the meter are probably taken. Close other SFTP programs.`,
    );
  }
  if (touch.kind !== 'open') return capabilityOf('sftp', `SFTP (port ${port})`, touch);
  if (touch.banner.startsWith('SSH-')) {
    return capability('sftp', 'open', `An SSH server answers on port ${port}; nobody has logged in yet.`);
  }
  const said = touch.banner === '' ? 'nothing was said' : 'something else than SSH answers';
  return capability('sftp', 'unknown', `Port ${port} is open, but ${said}; check the port number.`);
}

async function upgradeFolderCapability(
  options: ProbeOptions,
  identity: Result<MeterIdentity>,
  sftp: Capability,
  client: SftpClient | undefined,
): Promise<Capability> {
  const id = 'sftp-upgrade-folder';
  if (sftp.state !== 'open') return capability(id, 'unknown', 'It is reached over SFTP, which is not open.');
  if (options.login === undefined) {
    return capability(
      id,
      'unknown',
      'Give a user and a password of the meter: its folders are seen after a login only.',
    );
  }
  const folder = options.profile.folder(UPGRADE_FOLDER);
  if (client === undefined || folder === undefined) return capability(id, 'unknown', 'There is no SFTP session.');
  const simulated = identity.ok && identity.value.simulated;
  const listing = await client.list('.', { signal: options.signal });
  if (!listing.ok) return capability(id, 'unknown', `The folders could not be listed: ${listing.problem.because}`);
  const there = listing.value.some(({ name, kind }) => name === folder.path && kind === 'folder');
  if (!mayRead(folder.provenance, { simulated })) {
    return there
      ? capability(
          id,
          'unknown',
          `The meter lists a folder ${folder.path}, but no vendor document describes it; nothing is sent there.`,
        )
      : capability(
          id,
          'not-on-this-firmware',
          'The meter has no SFTP folder for its main firmware; it goes in by ION Setup.',
        );
  }
  return there
    ? capability(id, 'open', `The simulated meter takes its main firmware in the folder ${folder.path}.`)
    : capability(id, 'not-on-this-firmware', `There is no folder ${folder.path} on this meter.`);
}

function dlmsCapability(port: number, touch: Touch): Capability {
  if (touch.kind === 'refused') {
    return capability(
      'dlms',
      'refused',
      `Port ${port} is closed: DLMS is disabled on the meter, has another port, or a firewall refuses it. Enable it in ION Setup if you need the logs.`,
    );
  }
  if (touch.kind === 'dropped') {
    return capability(
      'dlms',
      'busy',
      `Port ${port} accepts a connection and ends it at once: another client probably holds the only DLMS connection of the meter, or all 8 shared connections are taken.`,
    );
  }
  if (touch.kind === 'open') return capability('dlms', 'open', `Port ${port} accepts a connection and keeps it.`);
  return capabilityOf('dlms', `DLMS (port ${port})`, touch);
}

function ionCapability(port: number, touch: Touch): Capability {
  if (touch.kind === 'open') {
    return capability('ion', 'open', `Port ${port} accepts a connection: ION Setup can reach the meter by plain ION.`);
  }
  if (touch.kind === 'dropped') {
    return capability(
      'ion',
      'busy',
      `Port ${port} accepts a connection and ends it at once: all 8 shared connections are probably taken.`,
    );
  }
  return capabilityOf('ion', `ION (port ${port})`, touch);
}

/** The answers that mean the same for every protocol. */
function capabilityOf(id: CapabilityId, name: string, touch: Touch): Capability {
  switch (touch.kind) {
    case 'refused':
      return capability(
        id,
        'refused',
        `${name} is closed: switched off on the meter, moved to another port, or refused by a firewall.`,
      );
    case 'silent':
      return capability(
        id,
        'no-answer',
        `${name} gives no answer (${touch.because}): the meter is off or not on this network, or a firewall drops the request.`,
      );
    case 'stopped':
      return stopped(id);
    case 'open':
      return capability(id, 'open', `${name} accepts a connection.`);
    case 'dropped':
      return capability(id, 'busy', `${name} accepts a connection and ends it at once.`);
  }
}

function tooOld(id: CapabilityId, name: string, since: string, running: string): Capability {
  return capability(id, 'not-on-this-firmware', `${name} exists from firmware ${since}; this meter runs ${running}.`);
}

function stopped(id: CapabilityId): Capability {
  return capability(id, 'unknown', 'It was stopped before the answer came.');
}

function knock(options: ProbeOptions, port: number, until: TouchOptions['until']): Promise<Touch> {
  const { host, timeoutMs } = options.address;
  return options.touch({ host, port, timeoutMs, until, signal: options.signal });
}

function capability(id: CapabilityId, state: CapabilityState, because: string): Capability {
  return { id, state, because };
}
