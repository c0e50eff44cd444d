import { z } from 'zod';
import {
  findingSchema,
  firmwareVersionSchema,
  gateOverrideSchema,
  gateSchema,
  identitySchema,
  meterAddressSchema,
  problemSchema,
  upgradeChannelSchema,
  upgradeTargetSchema,
  verdictSchema,
} from '../../shared/contract/domain.ts';
import { BACKUP_ITEM_IDS } from '../../shared/domain/backup.ts';
import type { UpgradeEvent, UpgradePlan } from './machine.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const size = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const path = z.string().max(32_767);

const planSchema = z.object({
  job: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/),
  createdAt: z.iso.datetime(),
  by: z.string().max(200),
  address: meterAddressSchema,
  channel: upgradeChannelSchema,
  target: upgradeTargetSchema,
  file: path,
  fileSha256: sha256,
  image: z.object({ name: z.string().max(255), size, sha256 }),
  targetVersion: firmwareVersionSchema.nullable(),
  minimumIonSetup: z.string().max(40).nullable(),
  before: identitySchema,
  overrides: z.array(gateOverrideSchema),
  // Journals of the first jobs do not have these two.
  attach: z.array(path).default([]),
  waive: z.array(z.object({ item: z.enum(BACKUP_ITEM_IDS), reason: z.string() })).default([]),
  ionSetup: z
    .object({
      path: path.exactOptional(),
      attested: z.object({ version: z.string().max(40), by: z.string().max(200) }).exactOptional(),
    })
    .exactOptional(),
  folder: z.string().max(68),
}) satisfies z.ZodType<UpgradePlan>;

/** One event as it stands in a journal. A journal is a file, and files are hostile: what does not fit is not believed. */
export const upgradeEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('created'), plan: planSchema }),
  z.object({ type: z.literal('gates-evaluated'), gates: z.array(gateSchema) }),
  z.object({ type: z.literal('backup-verified'), bag: path, fingerprint: z.string().max(64), gate: gateSchema }),
  z.object({ type: z.literal('before-saved'), file: path, sha256 }),
  z.object({ type: z.literal('transfer-progress'), sent: size, total: size }),
  z.object({ type: z.literal('transfer-completed'), resumedFrom: size }),
  z.object({ type: z.literal('image-accepted'), because: z.string() }),
  z.object({ type: z.literal('apply-confirmed'), by: z.string() }),
  z.object({ type: z.literal('apply-sent') }),
  z.object({ type: z.literal('meter-gone') }),
  z.object({ type: z.literal('meter-returned'), identity: identitySchema }),
  z.object({ type: z.literal('verification-started') }),
  z.object({
    type: z.literal('compared'),
    findings: z.array(findingSchema),
    verdict: verdictSchema,
    after: identitySchema.nullable(),
  }),
  z.object({ type: z.literal('reported'), file: path, sha256 }),
  z.object({ type: z.literal('failed'), problem: problemSchema }),
  z.object({ type: z.literal('cancel-requested') }),
  z.object({ type: z.literal('interrupted'), because: z.string(), problem: problemSchema.nullable() }),
  z.object({ type: z.literal('resumed'), by: z.string() }),
  z.object({ type: z.literal('laptop-slept'), from: z.iso.datetime(), until: z.iso.datetime() }),
  z.object({
    type: z.literal('meter-asked'),
    identity: identitySchema.nullable(),
    image: z.enum(['none', 'checking', 'accepted', 'refused', 'applying', 'applied', 'unknown']),
    because: z.string(),
  }),
]) satisfies z.ZodType<UpgradeEvent>;
