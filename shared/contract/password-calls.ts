import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import {
  PASSWORD_ORIGINS,
  PASSWORD_OUTCOMES,
  type PasswordResult,
  POLICY_SOURCES,
} from '../domain/settings/passwords/change.ts';
import { PASSWORD_RULE_IDS, type PasswordRule } from '../domain/settings/passwords/check.ts';
import { PASSWORD_CLIENTS } from '../domain/settings/passwords/clients.ts';
import { LONGEST_PASSPHRASE } from '../domain/settings/passwords/passphrase.ts';
import { COMPLEXITIES } from '../domain/settings/passwords/policy.ts';
import { PASSWORD_STATES } from '../domain/settings/passwords/users.ts';
import { handOffSchema, identitySchema, meterAddressSchema, problemSchema } from './domain.ts';
import { resultOf } from './results.ts';
import { areaReadingSchema } from './settings-calls.ts';

/**
 * Calls for new passwords. A password goes to the engine when a person typed it, and comes back from a sealed file only when a person opens that file;
 * no other answer holds one.
 */
const text = z.string().max(100_000);
const path = z.string().min(1).max(32_767);
const person = z.string().trim().min(1).max(200);
const user = z.string().regex(/^USER[1-9]\d?$/);
const passphrase = z.string().trim().max(LONGEST_PASSPHRASE);
const meters = z.array(meterAddressSchema).min(1).max(1_000);

const ruleSchema = z.object({
  id: z.enum(PASSWORD_RULE_IDS),
  text,
  met: z.boolean(),
  kind: z.enum(['required', 'advice']),
  count: z.number().exactOptional(),
  client: z.enum(PASSWORD_CLIENTS).exactOptional(),
}) satisfies z.ZodType<PasswordRule>;

const policySchema = z.strictObject({
  complexity: z.enum(COMPLEXITIES),
  minimumLength: z.number().int().min(1).max(64),
});

const sealedSchema = z.object({
  file: path,
  meters: z.array(
    z.object({
      host: text,
      identity: identitySchema,
      policy: policySchema,
      policyFrom: z.enum(POLICY_SOURCES),
      users: z.array(
        z.object({
          user,
          origin: z.enum(PASSWORD_ORIGINS),
          state: z.enum(PASSWORD_STATES),
          channel: z.enum(['modbus', 'hand-off']),
          because: text,
          rules: z.array(ruleSchema),
        }),
      ),
      handOff: handOffSchema,
    }),
  ),
  failed: z.array(z.object({ host: text, problem: problemSchema })),
});
export type SealedPlanView = z.infer<typeof sealedSchema>;

const resultSchema = z.object({
  user,
  outcome: z.enum(PASSWORD_OUTCOMES),
  because: text,
}) satisfies z.ZodType<PasswordResult>;

const outcomeSchema = z.object({
  run: text,
  results: z.array(resultSchema),
  handOff: handOffSchema.nullable(),
  after: areaReadingSchema.nullable(),
  problem: problemSchema.nullable(),
  /** What became of the login that the engine remembers: `changed` to the new password, or `forgotten`, because it may be wrong now. */
  login: z.enum(['as-it-was', 'changed', 'forgotten']),
});
export type PasswordsOutcomeView = z.infer<typeof outcomeSchema>;

const applyEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number().int(), of: z.number().int(), user: text }),
  z.object({ type: z.literal('end'), result: resultOf(outcomeSchema) }),
]);
export type PasswordApplyEvent = z.infer<typeof applyEventSchema>;

export const passwordCalls = {
  passwords: {
    /** Plans new passwords and seals them into a file that does not exist yet; writes nothing to a meter. */
    seal: oc
      .input(
        z.object({
          addresses: meters,
          /** A password that a person typed, or null for a generated one. */
          users: z
            .array(z.object({ user, password: z.string().min(1).max(64).nullable() }))
            .min(1)
            .max(50),
          clients: z.array(z.enum(PASSWORD_CLIENTS)).max(PASSWORD_CLIENTS.length),
          /** The policy that the meters will have; else each is held to the one that it has. */
          policy: policySchema.nullable(),
          /** Characters of generated passwords; null: as many as the meter takes. */
          length: z.number().int().min(1).max(16).nullable(),
          file: path,
          passphrase,
          by: person,
        }),
      )
      .output(resultOf(sealedSchema)),
    /** The passwords of a sealed file, of one meter or all. That it was opened goes into the audit trail. */
    open: oc
      .input(z.object({ file: path, passphrase, serial: z.string().max(200).nullable(), by: person }))
      .output(
        resultOf(z.array(z.object({ meter: text, serial: text.nullable(), user: text, secret: z.string().max(200) }))),
      ),
    /** How the passwords that a sealed file holds for a meter would reach it; writes nothing. */
    review: oc.input(z.object({ address: meterAddressSchema, file: path, passphrase })).output(
      resultOf(
        z.object({
          serial: text.nullable(),
          users: z.array(
            z.object({
              user: text,
              channel: z.enum(['modbus', 'hand-off']),
              because: text,
              /** The row of the map that it would be written to, with its register. */
              row: z.object({ name: text, register: z.number().int() }).nullable(),
            }),
          ),
        }),
      ),
    ),
    /** Sends the passwords that a sealed file holds for a meter. `verify`: try one login over SFTP with each. */
    apply: oc
      .input(z.object({ address: meterAddressSchema, file: path, passphrase, verify: z.boolean(), by: person }))
      .output(eventIterator(applyEventSchema)),
  },
};
