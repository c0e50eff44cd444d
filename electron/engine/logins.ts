import type { DlmsRequest } from '../../shared/contract/dlms.ts';
import { type DlmsAccess, PUBLIC_DLMS } from '../meter/logs/types.ts';
import type { Credentials, MeterAddress } from '../meter/types.ts';
import type { Access } from '../services/house.ts';

/** A meter as logins are kept for it. */
interface Door {
  readonly host: string;
  /** Its SFTP port; for DLMS its DLMS port. */
  readonly port: number;
}

/** Logins of meters, in memory and nowhere else. */
export interface Logins {
  remember(door: Door, credentials: Credentials): void;
  forget(door: Door): void;
  find(door: Door): Credentials | undefined;
  rememberDlms(door: Door, dlms: DlmsRequest): void;
  forgetDlms(door: Door): void;
  findDlms(door: Door): DlmsRequest | undefined;
  /** How to reach a meter: with the given login, else with the remembered one, else with none; and the same for DLMS. */
  access(request: {
    readonly address: MeterAddress;
    readonly credentials?: Credentials;
    readonly dlms?: DlmsRequest;
  }): Access;
}

export function createLogins(): Logins {
  const known = new Map<string, Credentials>();
  const associations = new Map<string, DlmsRequest>();
  const nameOf = ({ host, port }: Door): string => `${host.toLowerCase()} ${port}`;
  const find = (door: Door): Credentials | undefined => known.get(nameOf(door));
  const findDlms = (door: Door): DlmsRequest | undefined => associations.get(nameOf(door));
  return {
    remember: (door, credentials) => void known.set(nameOf(door), credentials),
    forget: (door) => void known.delete(nameOf(door)),
    find,
    rememberDlms: (door, dlms) => void associations.set(nameOf(door), dlms),
    forgetDlms: (door) => void associations.delete(nameOf(door)),
    findDlms,
    access({ address, credentials, dlms }) {
      const login = credentials ?? find({ host: address.host, port: address.ports.sftp });
      const association = dlms ?? findDlms({ host: address.host, port: address.ports.dlms });
      return {
        address,
        ...(login === undefined ? {} : { credentials: login }),
        ...(association === undefined ? {} : { dlms: dlmsAccess(association) }),
      };
    },
  };
}

function dlmsAccess(request: DlmsRequest): DlmsAccess {
  return { ...PUBLIC_DLMS, ...request };
}
