import { isIPv6 } from 'node:net';
import { createInterface } from 'node:readline';
import { InvalidArgumentError } from 'commander';
import { BACKUP_ITEM_IDS, type BackupItemId } from '../../shared/domain/backup.ts';
import { GATE_IDS, type GateId, type GateOverride } from '../../shared/domain/gate.ts';
import { type Credentials, DEFAULT_PORTS, type MeterAddress, type MeterPorts } from '../meter/types.ts';

/** Options that every command takes. */
export interface CommonOptions {
  readonly ports?: MeterPorts;
  readonly unit: number;
  readonly home?: string;
  readonly timeout: number;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** `modbus=502,sftp=22,…`: only those that differ from the defaults need to be named. */
export function parsePorts(text: string): MeterPorts {
  const ports: Record<keyof MeterPorts, number> = { ...DEFAULT_PORTS };
  const named = new Set<string>();
  for (const part of text.split(',')) {
    const match = /^\s*(modbus|sftp|dlms|bacnet)\s*=\s*(\d{1,5})\s*$/.exec(part);
    const port = Number(match?.[2]);
    if (match === null || port < 1 || port > 65_535) {
      throw new InvalidArgumentError(`"${part}" is not one of modbus, sftp, dlms, bacnet with a port of 1 to 65535.`);
    }
    const name = match[1] as keyof MeterPorts;
    if (named.has(name)) throw new InvalidArgumentError(`${name} is named twice.`);
    named.add(name);
    ports[name] = port;
  }
  return ports;
}

/** An integer within limits. */
export function integer(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`Expected a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

/** Seconds, with a fraction allowed. */
export function secondsOption(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value < 0.1 || value > 60) {
    throw new InvalidArgumentError('Expected seconds from 0.1 to 60.');
  }
  return value;
}

/** Collects `ITEM=REASON`, checked against the items of a backup. */
export function waivers(
  text: string,
  before: readonly { item: BackupItemId; reason: string }[] = [],
): readonly { item: BackupItemId; reason: string }[] {
  const [item, reason] = splitAssignment(text, BACKUP_ITEM_IDS);
  return [...before, { item, reason }];
}

/** Collects `GATE=REASON`, checked against the gates. */
export function overrides(text: string, before: readonly GateOverride[] = []): readonly GateOverride[] {
  const [gate, reason] = splitAssignment(text, GATE_IDS);
  return [...before, { gate: gate satisfies GateId, reason }];
}

/** Collects repeated values. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  return [...before, text];
}

function splitAssignment<Name extends string>(text: string, names: readonly Name[]): readonly [Name, string] {
  const at = text.indexOf('=');
  const name = names.find((candidate) => candidate === text.slice(0, at));
  const reason = text.slice(at + 1).trim();
  if (at < 1 || name === undefined)
    throw new InvalidArgumentError(`Expected NAME=REASON with a name out of: ${names.join(', ')}.`);
  if (reason === '') throw new InvalidArgumentError('The reason is empty; it goes into the records.');
  return [name, reason];
}

/** A host name, an IPv4 address, or an IPv6 address with or without the brackets of URLs. A port is refused with the way to give it. */
function parseHost(text: string): string {
  const [, bracketed] = /^\[(.*)\]$/.exec(text) ?? [];
  if (isIPv6(bracketed ?? text)) return bracketed ?? text;
  const [, port] = /^[^:]+:(\d+)$/.exec(text) ?? [];
  if (port !== undefined) {
    throw new InvalidArgumentError(
      `"${text}" holds a port; give the host alone and the port with --ports modbus=${port}.`,
    );
  }
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/.test(text)) return text;
  throw new InvalidArgumentError(`${JSON.stringify(text.slice(0, 80))} is not the name or address of a host.`);
}

/** Where a command finds the meter. */
export function addressOf(host: string, options: CommonOptions): MeterAddress {
  return {
    host: parseHost(host),
    ports: options.ports ?? DEFAULT_PORTS,
    unit: options.unit,
    timeoutMs: Math.round(options.timeout * 1000),
  };
}

/**
 * Credentials come from the environment or from a prompt, never from an argument: arguments stand in process lists and shell histories.
 * Without a terminal to ask on there are none.
 */
export async function findCredentials(
  env: Readonly<Record<string, string | undefined>>,
  ask: boolean,
): Promise<Credentials | undefined> {
  const user = env['METERWRIGHT_USER'];
  const password = env['METERWRIGHT_PASSWORD'];
  if (user !== undefined && user !== '' && password !== undefined && password !== '') return { user, password };
  if (!ask || !process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const typedUser = user ?? (await prompt('Meter user (empty to go on without): ', false));
  if (typedUser === '') return undefined;
  return { user: typedUser, password: password ?? (await prompt('Password: ', true)) };
}

/** Asks on the terminal; a secret is not echoed. Ctrl-C stops the command as it does everywhere else; the answer is empty then. */
export function prompt(question: string, secret: boolean, terminal: PromptStreams = process): Promise<string> {
  const { stdin: input, stderr: output } = terminal;
  return new Promise((resolve) => {
    const lines = createInterface({ input, output, terminal: true });
    if (secret) hideTyping(lines, output);
    lines.question(question, (answer) => {
      // Before the close, which stands for an empty answer.
      resolve(answer.trim());
      lines.close();
      if (secret) output.write('\n');
    });
    // While a line is read the terminal is in raw mode: Ctrl-C is a key there and no signal.
    lines.once('SIGINT', () => {
      lines.close();
      process.emit('SIGINT');
    });
    lines.once('close', () => resolve(''));
  });
}

interface PromptStreams {
  readonly stdin: NodeJS.ReadableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** readline writes what is typed through this one method; after the question nothing is written. */
function hideTyping(lines: ReturnType<typeof createInterface>, output: NodeJS.WritableStream): void {
  let asked = false;
  const writer = lines as unknown as { _writeToOutput(text: string): void };
  writer._writeToOutput = (text) => {
    if (asked) return;
    asked = true;
    output.write(text);
  };
}
