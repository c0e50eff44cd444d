import type { Value } from './data.ts';

/** Results of an access to an attribute. Source: Green Book, Data-Access-Result. */
export const ACCESS = {
  success: 0,
  denied: 3,
  undefinedObject: 4,
  classInconsistent: 9,
  typeUnmatched: 12,
  scopeViolated: 13,
  noLongGet: 16,
  blockNumberInvalid: 19,
  other: 250,
} as const;
export type AccessResult = (typeof ACCESS)[keyof typeof ACCESS];

/** An encoded value, in pieces that are made when they are needed: a log is longer than memory should hold. */
export type Content = Iterable<Buffer>;

/** What a client picks with selective access. */
export interface Selection {
  readonly selector: number;
  readonly parameters: Value;
}

/** The association in which an attribute is read. */
export interface AssociationView {
  readonly client: number;
  /** Whether the client showed a secret. */
  readonly authenticated: boolean;
  readonly conformance: number;
  readonly maxPdu: number;
}

export interface Attribute {
  readonly access: 'none' | 'read' | 'read-write';
  /** Selectors it takes: 1 by range, 2 by entry. */
  readonly selectors?: readonly number[];
  /** True when its blocks come as slowly as those of a log. */
  readonly slow?: boolean;
  read?(selection: Selection | undefined, association: AssociationView): Content | AccessResult;
  write?(value: Value): Promise<AccessResult>;
}

/** A COSEM object of the meter. */
export interface CosemObject {
  readonly classId: number;
  readonly version: number;
  /** Six bytes. */
  readonly name: Buffer;
  /** From attribute 2; the first one, the name, is the same for all. */
  readonly attributes: readonly Attribute[];
}
