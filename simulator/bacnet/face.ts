import { atLeast, type FirmwareVersion, firmwareVersion } from '../../shared/domain/firmware-version.ts';
import type { FaultBox } from '../faults.ts';
import type { Listener } from '../listener.ts';
import type { MapRow, MapView } from '../modbus/row.ts';
import type { SettingsBox } from '../settings/settings.ts';
import { DEVICE_MODE, type ForeignStatus } from '../settings/types.ts';
import type { BacnetOptions } from '../types.ts';
import { createDevice, LARGEST_APDU } from './apdu.ts';
import { createForeignRegistration } from './foreign.ts';
import { BVLC, type BvlcFrame, bvlc, npdu, type Peer, readBvlc, readNpdu } from './frame.ts';
import { type BacnetObject, createObjects } from './objects.ts';
import { createDatagramPort } from './port.ts';

/** Source: release notes 7EN12-0483-00. */
const SINCE = firmwareVersion('4.6.0');
const FOREIGN_SECONDS = 60;
/** Everybody on the loopback network. */
const BROADCAST = '127.255.255.255';
const CARRIES_NPDU: ReadonlySet<number> = new Set([BVLC.unicast, BVLC.broadcast, BVLC.forwarded]);
/** What a device that is no BBMD answers to requests for one. Source: ANSI/ASHRAE 135, Annex J.2.1. */
const NAK: ReadonlyMap<number, number> = new Map([
  [BVLC.writeBroadcastTable, 0x0010],
  [BVLC.readBroadcastTable, 0x0020],
  [BVLC.registerForeign, 0x0030],
  [BVLC.readForeignTable, 0x0040],
  [BVLC.deleteForeign, 0x0050],
  [BVLC.distribute, 0x0060],
]);

export interface BacnetParts {
  readonly options: BacnetOptions;
  readonly settings: SettingsBox;
  readonly firmware: () => FirmwareVersion;
  /** Rows of the register map: measured values become objects. */
  readonly rows: () => readonly MapRow[];
  readonly view: () => MapView;
  readonly faults: FaultBox;
  powerLoss(seconds: number): void;
}

/** The meter on BACnet/IP: a B-SS that reads and is found. */
export interface BacnetFace {
  readonly listener: Listener;
  readonly foreignStatus: ForeignStatus;
  /** Whether the firmware has it and it is enabled. */
  here(): boolean;
  /** Takes up changed settings: another identity announces itself, another BBMD is registered with. */
  settingsChanged(): void;
}

export function createBacnetFace(parts: BacnetParts): BacnetFace {
  const { options, settings } = parts;
  const maxApdu = options.maxApdu ?? LARGEST_APDU;
  const readMultiple = options.readMultiple ?? false;
  let made: { readonly key: string; readonly objects: readonly [BacnetObject, ...BacnetObject[]] } | undefined;

  function objects(): readonly [BacnetObject, ...BacnetObject[]] {
    const { bacnet, deviceName } = settings.current;
    const key = `${bacnet.deviceId} ${deviceName}`;
    if (made?.key !== key) {
      const common = { deviceId: bacnet.deviceId, deviceName, readMultiple, maxApdu };
      made = { key, objects: createObjects({ rows: parts.rows(), ...common }) };
    }
    return made.objects;
  }

  /** What was taken up last: whoever changes nothing is not announced again. */
  let takenUp = '';
  const device = createDevice({ objects, view: parts.view, readMultiple, maxApdu });
  const port = createDatagramPort({ faults: parts.faults, powerLoss: parts.powerLoss, receive });
  const foreign = createForeignRegistration({
    seconds: options.foreignSeconds ?? FOREIGN_SECONDS,
    send: port.send,
    registered: announce,
  });

  function receive(datagram: Buffer, from: Peer): void {
    const frame = readBvlc(datagram);
    if (frame === undefined) return;
    const nak = NAK.get(frame.type);
    if (nak !== undefined) port.send(bvlc(BVLC.result, Buffer.from([nak >> 8, nak & 0xff])), from);
    else if (frame.type === BVLC.result) foreign.result(frame.content, from);
    else if (CARRIES_NPDU.has(frame.type)) answer(frame, from);
  }

  function answer(frame: BvlcFrame, from: Peer): void {
    const message = readNpdu(frame.content);
    if (message === undefined) return;
    const apdu = device.answer(message.apdu, message.global || frame.type !== BVLC.unicast);
    if (apdu !== undefined) port.send(bvlc(BVLC.unicast, npdu(apdu, message.source)), frame.origin ?? from);
  }

  /** The I-Am of a device that came up or changed: to its own network, in Foreign mode through its BBMD. */
  function announce(): void {
    const message = npdu(device.iAm());
    const bbmd = bbmdOf(settings);
    if (bbmd !== undefined) port.send(bvlc(BVLC.distribute, message), bbmd);
    else port.send(bvlc(BVLC.broadcast, message), { address: BROADCAST, port: port.number });
  }

  const here = (): boolean => atLeast(parts.firmware(), SINCE) && settings.current.bacnet.enabled;

  function settingsChanged(): void {
    // To learn its number the port is opened even when nobody may see it.
    const open = port.number !== 0 && here();
    const bbmd = open ? bbmdOf(settings) : undefined;
    const now = JSON.stringify([open, bbmd, settings.current.bacnet.deviceId, settings.current.deviceName]);
    if (now === takenUp) return;
    takenUp = now;
    foreign.start(bbmd);
    // In Foreign mode the I-Am follows the registration.
    if (open && bbmd === undefined) announce();
  }

  return {
    listener: {
      async open(number, patienceMs) {
        const was = port.number;
        const opened = await port.open(number, patienceMs);
        if (was === 0) settingsChanged();
        return opened;
      },
      shut() {
        port.shut();
        settingsChanged();
      },
      async close(orderly) {
        await port.close(orderly);
        settingsChanged();
      },
    },
    get foreignStatus() {
      return foreign.status;
    },
    here,
    settingsChanged,
  };
}

function bbmdOf({ current: { bacnet } }: SettingsBox): Peer | undefined {
  if (bacnet.mode !== DEVICE_MODE.foreign || bacnet.bbmdAddress === 0) return undefined;
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(bacnet.bbmdAddress);
  return { address: [...octets].join('.'), port: bacnet.bbmdPort };
}
