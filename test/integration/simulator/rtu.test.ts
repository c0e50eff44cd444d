import { execFile, spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { crc16, serveRtu } from '../../../simulator/modbus/rtu.ts';
import { control, rawConnection, startMeter, temporaryFolder, until } from './bench.ts';

const run = promisify(execFile);
const SOCAT = 'socat';
const hex = (bytes: Buffer): string => bytes.toString('hex');

function framed(body: string): Buffer {
  const bytes = Buffer.from(body.replaceAll(' ', ''), 'hex');
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(crc16(bytes));
  return Buffer.concat([bytes, crc]);
}

it('knows the checksum of the standard', () => {
  // Modbus over Serial Line 1.02, 6.2.2: the message 02 07 has the CRC 41 12.
  expect(hex(framed('02 07'))).toBe('02074112');
});

it('answers whole, split and coalesced frames over TCP', async () => {
  const meter = await startMeter();
  const connection = await rawConnection(meter.address.ports.rtuOverTcp);
  const request = framed('01 03 00 59 00 01');
  const answer = hex(framed('01 03 02 46 50'));
  for (const byte of request) connection.send(Buffer.from([byte]));
  expect(hex(await connection.read(7))).toBe(answer);
  connection.send(Buffer.concat([request, framed('01 11'), request]));
  expect(hex(await connection.read(19))).toBe(`${answer}${hex(framed('01 91 01'))}${answer}`);
});

it('is silent on a wrong checksum, on other units and on a broadcast, and recovers after silence', async () => {
  const meter = await startMeter();
  await control(meter, '/lock', { modbusProgramming: true });
  const connection = await rawConnection(meter.address.ports.rtuOverTcp);
  connection.send(framed('05 03 00 59 00 01'));
  connection.send(framed('00 10 d4 77 00 01 02 25 80'));
  connection.send(framed('01 03 d4 77 00 01'));
  expect(hex(await connection.read(7))).toBe(hex(framed('01 03 02 25 80')));
  const broken = framed('01 03 00 59 00 01');
  broken.writeUInt8((broken[7] ?? 0) ^ 1, 7);
  connection.send(broken);
  await until(
    async () => {
      connection.send(framed('01 03 00 59 00 01'));
      return connection.read(7, 700).then(hex, () => 'silence');
    },
    (answer) => answer === hex(framed('01 03 02 46 50')),
  );
});

it('is read by mbpoll over a pseudo terminal', async () => {
  const folder = await temporaryFolder();
  const ours = join(folder, 'meter');
  const theirs = join(folder, 'client');
  const socat = spawn(SOCAT, [`pty,raw,echo=0,link=${ours}`, `pty,raw,echo=0,link=${theirs}`], { stdio: 'ignore' });
  onTestFinished(() => {
    socat.kill();
  });
  await until(
    () =>
      Promise.all([stat(ours), stat(theirs)]).then(
        () => true,
        () => false,
      ),
    Boolean,
  );
  const line = Duplex.from({ readable: createReadStream(ours), writable: createWriteStream(ours) });
  line.on('error', () => undefined);
  onTestFinished(() => {
    line.destroy();
  });
  serveRtu(line, (pdu) => (pdu[0] === 3 ? Buffer.from([3, 2, 0x46, 0x50]) : undefined), { silenceMs: 50 });
  const { stdout } = await run(
    'mbpoll',
    ['-m', 'rtu', '-a', '1', '-b', '19200', '-P', 'none', '-t', '4', '-r', '90', '-c', '1', '-1', theirs],
    { timeout: 10_000 },
  );
  expect(stdout).toMatch(/\[90\]:\s+18000/);
});

it('is read by mbpoll over TCP', async () => {
  const meter = await startMeter();
  const { stdout } = await run(
    'mbpoll',
    [
      '-m',
      'tcp',
      '-p',
      String(meter.address.ports.modbus),
      '-a',
      '1',
      '-t',
      '4:float',
      '-B',
      '-r',
      '3110',
      '-c',
      '1',
      '-1',
      '127.0.0.1',
    ],
    { timeout: 10_000 },
  );
  expect(Number(/\[3110\]:\s+([\d.]+)/.exec(stdout)?.[1])).toBeCloseTo(50, 0);
});
