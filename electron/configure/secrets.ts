import { createCipheriv, createDecipheriv, randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { z } from 'zod';
import { fail, METER_STATE, ok, type Problem, problem, type Result } from '../../shared/domain/problem.ts';
import {
  isStrongPassphrase,
  LONGEST_PASSPHRASE,
  PASSPHRASE_VARIETY,
  SHORTEST_PASSPHRASE,
} from '../../shared/domain/settings/passwords/passphrase.ts';

/**
 * Secrets in an envelope that only a passphrase opens: the passwords of a bulk plan travel to the person who enters them in such a file, and in no
 * other. Key: scrypt (RFC 7914) of the passphrase in Unicode NFC. Content: AES-256-GCM (NIST SP 800-38D) over UTF-8 JSON; everything that stands open in
 * the envelope is authenticated with it, so no changed byte opens.
 */

/** Longest content; it only bounds the work. */
const LONGEST_CONTENT = 4 * 1_024 * 1_024;
/** 128 MB and some tenths of a second for each try. A file may ask for more, up to the greatest cost that this tool accepts. */
const COST = { N: 131_072, r: 8, p: 1 } as const;
const GREATEST_N = 1_048_576;
const GREATEST_R = 16;
const GREATEST_P = 4;
/** scrypt needs 128 * N * r bytes; a file must not make this PC run out of memory. */
const GREATEST_MEMORY = 512 * 1_024 * 1_024;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** SP 800-38D, 8.2: 96 bits. Each envelope has a fresh salt, so a fresh key, and a fresh nonce besides. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const FORMAT = 'meterwright-secrets';
const VERSION = 1;

/** A secret with what it is for. */
export interface Secret {
  /** Name or address of the meter. */
  readonly meter: string;
  /** Serial number, so that a secret is not entered at the wrong meter; null when it is not known. */
  readonly serial: string | null;
  /** The user ("USER2") or client whose secret it is. */
  readonly user: string;
  readonly secret: string;
}

const text = z.string().max(200);
const secretsSchema = z
  .array(z.strictObject({ meter: text, serial: text.nullable(), user: text, secret: z.string().max(200) }))
  .max(10_000) satisfies z.ZodType<readonly Secret[]>;

/** Base64 that decodes to exactly so many bytes, in its one canonical spelling. */
function bytesSchema(least: number, most: number) {
  return z
    .string()
    .max(Math.ceil(most / 3) * 4)
    .refine((encoded) => {
      const bytes = Buffer.from(encoded, 'base64');
      return bytes.length >= least && bytes.length <= most && bytes.toString('base64') === encoded;
    });
}

const kdfSchema = z
  .strictObject({
    name: z.literal('scrypt'),
    N: z
      .number()
      .int()
      .min(COST.N)
      .max(GREATEST_N)
      .refine((cost) => Number.isInteger(Math.log2(cost))),
    r: z.number().int().min(COST.r).max(GREATEST_R),
    p: z.number().int().min(COST.p).max(GREATEST_P),
    salt: bytesSchema(SALT_BYTES, SALT_BYTES),
  })
  .refine(({ N, r }) => 128 * N * r <= GREATEST_MEMORY);

const headerSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  kdf: kdfSchema,
  cipher: z.strictObject({ name: z.literal('aes-256-gcm'), nonce: bytesSchema(NONCE_BYTES, NONCE_BYTES) }),
});
type Header = z.infer<typeof headerSchema>;

const envelopeSchema = headerSchema.extend({
  content: bytesSchema(0, LONGEST_CONTENT),
  tag: bytesSchema(TAG_BYTES, TAG_BYTES),
});

/**
 * Seals secrets; the result is JSON text and holds none of them in the open. `secrets/weak-passphrase` for a passphrase under 12 characters or without
 * variety, `secrets/too-many` over 10,000 secrets or 4 MB.
 */
export async function sealSecrets(secrets: readonly Secret[], passphrase: string): Promise<Result<string>> {
  const weak = whyWeak(passphrase);
  if (weak !== undefined) return { ok: false, problem: weak };
  const content = Buffer.from(JSON.stringify(secrets), 'utf8');
  if (!secretsSchema.safeParse(secrets).success || content.length > LONGEST_CONTENT) return tooMany(secrets.length);
  const header: Header = {
    format: FORMAT,
    version: VERSION,
    kdf: { name: 'scrypt', ...COST, salt: randomBytes(SALT_BYTES).toString('base64') },
    cipher: { name: 'aes-256-gcm', nonce: randomBytes(NONCE_BYTES).toString('base64') },
  };
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, header), nonceOf(header));
  cipher.setAAD(openPartOf(header));
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  content.fill(0);
  const envelope = { ...header, content: sealed.toString('base64'), tag: cipher.getAuthTag().toString('base64') };
  return ok(`${JSON.stringify(envelope, null, 2)}\n`);
}

/**
 * Opens what {@link sealSecrets} made. `secrets/not-an-envelope` for text that is none or is of a version that this tool does not know;
 * `secrets/not-opened` for a wrong passphrase or changed bytes: the two cannot be told apart, and nothing of the content is given away.
 */
export async function openSecrets(envelope: string, passphrase: string): Promise<Result<readonly Secret[]>> {
  const parsed = envelopeSchema.safeParse(jsonOf(envelope));
  if (!parsed.success) return notAnEnvelope();
  if (passphrase.length > LONGEST_PASSPHRASE) return notOpened();
  const { content, tag, ...header } = parsed.data;
  const decipher = createDecipheriv('aes-256-gcm', await keyOf(passphrase, header), nonceOf(header), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(openPartOf(header));
  decipher.setAuthTag(Buffer.from(tag, 'base64'));
  try {
    const opened = Buffer.concat([decipher.update(Buffer.from(content, 'base64')), decipher.final()]);
    const secrets = secretsSchema.safeParse(jsonOf(opened.toString('utf8')));
    opened.fill(0);
    return secrets.success ? ok(secrets.data) : notAnEnvelope();
  } catch {
    // The tag did not fit. Which of passphrase and bytes is wrong cannot be known, and the error of the cipher says nothing more.
    return notOpened();
  }
}

/** Everything but content and tag, in the order in which it is written: a file with its keys in another order is the same envelope. */
function openPartOf({ format, version, kdf, cipher }: Header): Buffer {
  return Buffer.from(
    JSON.stringify([format, version, kdf.name, kdf.N, kdf.r, kdf.p, kdf.salt, cipher.name, cipher.nonce]),
    'utf8',
  );
}

function nonceOf({ cipher }: Header): Buffer {
  return Buffer.from(cipher.nonce, 'base64');
}

/** In Unicode NFC: the same passphrase typed on another system has to give the same bytes. */
function keyOf(passphrase: string, { kdf }: Header): Promise<Buffer> {
  const { N, r, p } = kdf;
  // Node refuses exactly what OpenSSL counts besides 128 * N * r, so some room is added.
  const options: ScryptOptions = { N, r, p, maxmem: 128 * N * r + 128 * r * p + 1_048_576 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), Buffer.from(kdf.salt, 'base64'), KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function jsonOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // What is no JSON is no envelope; the schema refuses undefined.
    return undefined;
  }
}

/** Why nothing is sealed with a passphrase; undefined where it is strong enough. */
export function whyWeak(passphrase: string): Problem | undefined {
  if (isStrongPassphrase(passphrase)) return undefined;
  return problem({
    code: 'secrets/weak-passphrase',
    title: 'This passphrase is too weak',
    because: `Whoever has the file can try passphrases without a lockout; it needs ${SHORTEST_PASSPHRASE} to ${LONGEST_PASSPHRASE} characters, at least ${PASSPHRASE_VARIETY} of them different.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Choose several words that do not belong together, and hand them over by another way than the file.',
  });
}

function tooMany(count: number) {
  return fail({
    code: 'secrets/too-many',
    title: 'The secrets were not sealed',
    because: 'A sealed file holds up to 10,000 secrets of up to 200 characters each, and 4 MB in all.',
    meterState: METER_STATE.noMeter,
    nextStep: 'Export the secrets of fewer meters at a time.',
    details: { secrets: count },
  });
}

function notAnEnvelope() {
  return fail({
    code: 'secrets/not-an-envelope',
    title: 'This is not a file of sealed secrets',
    because: `The content is not an envelope of sealed secrets of version ${VERSION}, or parts of it are missing.`,
    meterState: METER_STATE.noMeter,
    nextStep: 'Choose the file that Meterwright exported; a newer file needs a newer Meterwright.',
  });
}

function notOpened() {
  return fail({
    code: 'secrets/not-opened',
    title: 'The secrets were not opened',
    because: 'The passphrase is wrong, or the file was changed after it was sealed; the two cannot be told apart.',
    meterState: METER_STATE.noMeter,
    nextStep: 'Type the passphrase again; if it is right, get the file again from where it came.',
  });
}
