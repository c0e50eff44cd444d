/** A ConfirmedServiceError, Green Book 9.5: which service, which kind of error, and its number. */
export interface ServiceError {
  readonly service: number;
  readonly kind: number;
  readonly value: number;
}

const KINDS: Readonly<Record<number, string>> = {
  0: 'application reference',
  1: 'hardware resource',
  2: 'VDE state',
  3: 'service',
  4: 'definition',
  5: 'access',
  6: 'initiate',
  7: 'load data set',
  9: 'task',
  10: 'other',
};

const INITIATE: Readonly<Record<number, string>> = {
  0: 'other',
  1: 'the DLMS version is too low',
  2: 'the conformance is not compatible',
  3: 'the APDU size is too short',
  4: 'the association was refused by the handler',
};

/** Reads `0E`, service, kind and value; undefined when it is anything else. */
export function decodeServiceError(apdu: Uint8Array): ServiceError | undefined {
  const [tag, service, kind, value] = apdu;
  if (apdu.length !== 4 || tag !== 0x0e || service === undefined || kind === undefined || value === undefined) {
    return undefined;
  }
  return { service, kind, value };
}

/** In words, for a sentence. */
export function describeServiceError(error: ServiceError): string {
  const why = error.kind === 6 ? INITIATE[error.value] : undefined;
  return `service error ${error.kind}/${error.value} (${KINDS[error.kind] ?? 'unknown kind'}${why === undefined ? '' : `: ${why}`})`;
}
