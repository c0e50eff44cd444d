import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { GATE_VERDICTS } from '../domain/gate.ts';
import { LARGEST_DEVICE_ID } from '../domain/settings/bacnet.ts';
import { BACNET_FINDING_IDS } from '../domain/settings/bacnet-finding.ts';
import { meterAddressSchema } from './domain.ts';
import { resultOf } from './results.ts';

/** Looking at a meter over BACnet/IP. Reads only. */
const text = z.string().max(100_000);
const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const port = z.number().int().min(1).max(65_535);
const peer = z.object({ host: meterAddressSchema.shape.host, port });
const path = z.string().min(1).max(32_767);

const bacnetSheetSchema = z.object({
  takenAt: z.iso.datetime(),
  address: peer,
  deviceId: whole.nullable(),
  deviceName: text.nullable(),
  vendorId: whole.nullable(),
  vendorName: text.nullable(),
  model: text.nullable(),
  firmware: text.nullable(),
  applicationSoftware: text.nullable(),
  description: text.nullable(),
  location: text.nullable(),
  protocolRevision: whole.nullable(),
  /** Bytes. */
  maxApdu: whole.nullable(),
  segmentation: z.enum(['both', 'transmit', 'receive', 'none']).nullable(),
  /** How many the meter says it has; `objects` has fewer where not all could be read, and never the device itself. */
  objectCount: whole.nullable(),
  objects: z
    .array(
      z.object({
        object: z.object({ type: whole, instance: whole }),
        typeName: text,
        name: text.nullable(),
        description: text.nullable(),
        presentValue: text.nullable(),
        unit: text,
        because: text.nullable(),
      }),
    )
    .max(100_000),
  findings: z.array(z.object({ id: z.enum(BACNET_FINDING_IDS), verdict: z.enum(GATE_VERDICTS), because: text })),
});
export type BacnetSheetView = z.infer<typeof bacnetSheetSchema>;

const checkEventSchema = z.discriminatedUnion('type', [
  /** Objects that were read, and how many there are. */
  z.object({ type: z.literal('progress'), done: whole, of: whole }),
  z.object({ type: z.literal('end'), result: resultOf(bacnetSheetSchema) }),
]);
export type BacnetCheckEvent = z.infer<typeof checkEventSchema>;

export const bacnetCalls = {
  bacnet: {
    /** Checks a meter after its settings were made. A page that stops listening stops it. */
    check: oc
      .input(
        z.object({
          address: meterAddressSchema,
          /** What was configured; what is left out is only shown. */
          expected: z.object({
            deviceId: z.number().int().min(0).max(LARGEST_DEVICE_ID).exactOptional(),
            deviceName: z.string().max(1_000).exactOptional(),
          }),
          /** Also looks at the way over this BBMD. */
          foreign: peer.nullable(),
        }),
      )
      .output(eventIterator(checkEventSchema)),
    /** Writes the sheet for the colleague of the building automation as CSV. */
    exportSheet: oc.input(z.object({ file: path, sheet: bacnetSheetSchema })).output(resultOf(z.null())),
  },
};
