import type { Credentials, MeterAddress } from '../meter/types.ts';
import type { Access } from '../services/house.ts';

/** A meter as logins are kept for it. */
interface Door {
  readonly host: string;
  /** Its SFTP port. */
  readonly port: number;
}

/** Logins of meters, in memory and nowhere else. */
export interface Logins {
  remember(door: Door, credentials: Credentials): void;
  forget(door: Door): void;
  find(door: Door): Credentials | undefined;
  /** How to reach a meter: with the given login, else with the remembered one, else with none. */
  access(request: { readonly address: MeterAddress; readonly credentials?: Credentials }): Access;
}

export function createLogins(): Logins {
  const known = new Map<string, Credentials>();
  const nameOf = ({ host, port }: Door): string => `${host.toLowerCase()} ${port}`;
  const find = (door: Door): Credentials | undefined => known.get(nameOf(door));
  return {
    remember: (door, credentials) => void known.set(nameOf(door), credentials),
    forget: (door) => void known.delete(nameOf(door)),
    find,
    access({ address, credentials }) {
      const login = credentials ?? find({ host: address.host, port: address.ports.sftp });
      return { address, ...(login === undefined ? {} : { credentials: login }) };
    },
  };
}
