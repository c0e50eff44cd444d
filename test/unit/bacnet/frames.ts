import { loadRequestWriter } from '../../../electron/protocols/bacnet/codec/library.ts';
import { writeWhoHas } from '../../../electron/protocols/bacnet/codec/services.ts';
import { BVLC, frame, peerBytes } from '../../../electron/protocols/bacnet/network/bvlc.ts';
import { writeNpdu } from '../../../electron/protocols/bacnet/network/npdu.ts';

export const writer = await loadRequestWriter();

const confirmed = (apdu: Uint8Array) => frame(BVLC.unicast, writeNpdu(apdu, undefined, true));
const asked = (apdu: Uint8Array) => frame(BVLC.unicast, writeNpdu(apdu, undefined, false));
const self = { type: 8, instance: 4_194_303 };
const input = { type: 0, instance: 1 };

/** One frame of each kind that the client can send, with its bytes. */
export const SENT: readonly (readonly [name: string, bytes: Uint8Array, golden: string])[] = [
  ['Who-Is', asked(writer.whoIs(undefined)), '810a000801001008'],
  ['Who-Is of one', asked(writer.whoIs({ low: 100, high: 100 })), '810a000c0100100809641964'],
  [
    'Who-Is of everybody on every network',
    frame(BVLC.broadcast, writeNpdu(writer.whoIs({ low: 0, high: 4_194_303 }), 'everywhere', false)),
    '810b00120120ffff00ff100809001b3fffff',
  ],
  [
    'Who-Is through a BBMD',
    frame(BVLC.distribute, writeNpdu(writer.whoIs(undefined), 'everywhere', false)),
    '8109000c0120ffff00ff1008',
  ],
  ['Who-Has by name', asked(writeWhoHas({ name: 'OATemp' }, undefined)), '810a0011010010073d07004f4154656d70'],
  [
    'Who-Has by a short name, in a range',
    asked(writeWhoHas({ name: 'A1' }, { low: 1, high: 300 })),
    '810a0011010010070901 1a012c 3b004131'.replaceAll(' ', ''),
  ],
  ['Who-Has by id', asked(writeWhoHas({ object: { type: 0, instance: 3 } }, undefined)), '810a000d010010072c00000003'],
  [
    'ReadProperty',
    confirmed(writer.readProperty(1, { object: self, property: 75 })),
    '810a001101040005010c0c023fffff194b',
  ],
  [
    'ReadProperty of the length of an array',
    confirmed(writer.readProperty(255, { object: self, property: 76, arrayIndex: 0 })),
    '810a001301040005ff0c0c023fffff194c2900',
  ],
  [
    'ReadProperty of a property with two bytes',
    confirmed(writer.readProperty(2, { object: input, property: 371, arrayIndex: 70_000 })),
    '810a001601040005020c0c000000011a01732b011170',
  ],
  [
    'ReadPropertyMultiple',
    confirmed(
      writer.readMultiple(3, [
        { object: self, property: 76, arrayIndex: 0 },
        { object: self, property: 76, arrayIndex: 1 },
        { object: input, property: 85 },
      ]),
    ),
    '810a002201040005030e0c023fffff1e094c1900094c19011f0c000000011e09551f',
  ],
  [
    'ReadProperty behind a router',
    frame(
      BVLC.unicast,
      writeNpdu(writer.readProperty(4, { object: input, property: 85 }), { network: 7, mac: '05' }, true),
    ),
    '810a0016012400070105ff0005040c0c000000011955',
  ],
  ['Register-Foreign-Device', frame(BVLC.register, Uint8Array.of(1, 0x2c)), '81050006012c'],
  [
    'Delete-Foreign-Device-Table-Entry',
    frame(BVLC.deleteEntry, peerBytes('192.0.2.7', 47_808)),
    '8108000ac0000207bac0',
  ],
];

/** One message of each kind that comes in, for readers and for mutations. */
export const RECEIVED: Readonly<Record<string, string>> = {
  iAm: '810b001401001000c4020004d22205c49103210a',
  iHave: '810a001a01001001c402000005c4000000037506004f41544d50',
  forwarded: '8104001ac0000207bac001001000c4020004d22205c49103210a',
  routed: '810b00180108000501051000c4020004d22205c49103210a',
  propertyAck: '810a0017010030010c0c0000000119553e44436680003f',
  arrayAck: '810a001c010030010c0c02000001194c3ec402000001c4000000013f',
  multipleAck: '810a002d010030010e0c000000011e29554e44436680004f291c5e910291205f1f0c000000021e29554e004f1f'.replaceAll(
    ' ',
    '',
  ),
  text: '810a001d010030010c0c00000001194d3e750900cea920566f6c74733f',
  error: '810a000d010050050c91029120',
  reject: '810a00090100600109',
  abort: '810a00090100710104',
  result: '810000060030',
};
