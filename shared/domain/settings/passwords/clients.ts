import type { FirmwareVersion } from '../../firmware-version.ts';
import { longestPassword, passwordsAreNumbers } from './policy.ts';

/** What logs in to a meter with a user's password, as far as documents tell their limits apart. */
export const PASSWORD_CLIENTS = [
  'ion-setup',
  'older-ion',
  'display',
  'standard-security',
  'web',
  'sftp',
  'dlms',
  'modbus',
] as const;
export type PasswordClientId = (typeof PASSWORD_CLIENTS)[number];

/** The characters that something can use; `printable` is ASCII 33 to 126, which has no blank. */
export type Characters = 'printable' | 'alphanumeric' | 'digits';

/**
 * What a client can use. `limited`: a document gives its limit. `as-meter`: it takes what the meter takes. `not-documented`: try it before
 * relying on it. `no-password`: it has no login, or not this one.
 */
export type ClientLimit =
  | {
      readonly kind: 'limited';
      readonly maximumLength: number;
      readonly characters: Exclude<Characters, 'printable'>;
      readonly source: string;
    }
  | { readonly kind: 'as-meter' | 'not-documented' | 'no-password'; readonly source: string };

const LIMITS: Readonly<Record<PasswordClientId, ClientLimit>> = {
  'ion-setup': { kind: 'as-meter', source: 'ION Setup 3.2.22341.01 or newer sets passwords of up to 16 characters' },
  'older-ion': {
    kind: 'limited',
    maximumLength: 6,
    characters: 'alphanumeric',
    source:
      'ION9000 help, changing the default password: some ION clients cannot use more than 6 alphanumeric characters',
  },
  display: {
    kind: 'not-documented',
    source: 'ION9000 help, changing the default password: make sure that it works with the front panel',
  },
  'standard-security': {
    kind: 'limited',
    maximumLength: 8,
    characters: 'digits',
    source: 'Siemens 9410 manual, p. 47: a number from 0 to 99999999 for display and web pages in standard security',
  },
  web: { kind: 'not-documented', source: 'no document gives a limit of its own for the web pages' },
  sftp: { kind: 'not-documented', source: 'no document gives a limit of its own for SFTP' },
  dlms: { kind: 'not-documented', source: 'no document says whether or how the DLMS secret depends on a user' },
  modbus: { kind: 'no-password', source: 'Modbus carries no credentials' },
};

/** What is known of a client's limit. */
export function clientLimit(client: PasswordClientId): ClientLimit {
  return LIMITS[client];
}

/** What a password may look like for a meter and everything that must be able to use it. */
export interface PasswordLimits {
  readonly characters: Characters;
  /** Longest password when it is all digits. */
  readonly digits: number;
  /** Longest password when it is not. */
  readonly others: number;
  /** A password of digits must not begin with a zero unless it is "0". */
  readonly noLeadingZero: boolean;
}

/** The limits of a firmware and of every client in the list together. */
export function passwordLimits(firmware: FirmwareVersion, clients: readonly PasswordClientId[]): PasswordLimits {
  const { digits, others } = longestPassword(firmware);
  const start: PasswordLimits = {
    characters: 'printable',
    digits,
    others,
    noLeadingZero: passwordsAreNumbers(firmware),
  };
  return clients.reduce((limits, client) => narrowed(limits, clientLimit(client)), start);
}

const NARROWNESS: readonly Characters[] = ['printable', 'alphanumeric', 'digits'];

function narrowed(limits: PasswordLimits, limit: ClientLimit): PasswordLimits {
  if (limit.kind !== 'limited') return limits;
  const narrower = NARROWNESS.indexOf(limit.characters) > NARROWNESS.indexOf(limits.characters);
  return {
    characters: narrower ? limit.characters : limits.characters,
    digits: Math.min(limits.digits, limit.maximumLength),
    others: Math.min(limits.others, limit.maximumLength),
    noLeadingZero: limits.noLeadingZero || limit.characters === 'digits',
  };
}
