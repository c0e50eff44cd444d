import { join } from 'node:path';
import { type MessagePortMain, utilityProcess } from 'electron';
import type { EngineChild } from './process.ts';

/** Starts the engine as a process of its own; `onOutput` hears everything that it writes. */
export function startEngine(onOutput: (text: string) => void): EngineChild<MessagePortMain> {
  const child = utilityProcess.fork(join(__dirname, '..', 'engine', 'index.js'), [], {
    serviceName: 'Meterwright engine',
    stdio: 'pipe',
  });
  child.stdout?.on('data', (bytes: Buffer) => onOutput(bytes.toString('utf8')));
  child.stderr?.on('data', (bytes: Buffer) => onOutput(bytes.toString('utf8')));
  return {
    postMessage: (message, ports) => child.postMessage(message, ports),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', listener),
    kill: () => void child.kill(),
  };
}
