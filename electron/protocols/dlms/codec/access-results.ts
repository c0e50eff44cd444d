/** What a data-access-result means, and what to do. */
export interface AccessResult {
  /** Stable text: the end of the problem's code. */
  readonly name: string;
  readonly because: string;
  readonly nextStep: string;
}

const OTHER_OBJECT =
  'Read the list of objects of this meter again; this firmware may offer the value elsewhere or not at all.';
const AGAIN = 'Wait a moment, then try again.';
const RIGHTS = 'Connect as a client that has the right, with its secret.';

/** Data-access-result, Green Book 9.5. */
const RESULTS: Readonly<Record<number, readonly [name: string, because: string, nextStep: string]>> = {
  1: ['hardware-fault', 'the meter has a hardware fault', 'Look at the event log of the meter.'],
  2: ['temporary-failure', 'the meter cannot do it now', AGAIN],
  3: ['denied', 'this client may not read or write it', RIGHTS],
  4: ['undefined', 'the meter has no such object or attribute', OTHER_OBJECT],
  9: ['class-inconsistent', 'the object is of another class', OTHER_OBJECT],
  11: ['unavailable', 'the object is not available', OTHER_OBJECT],
  12: ['type-unmatched', 'the value has another type than the object', OTHER_OBJECT],
  13: ['scope-violated', 'the access is not within what this client may do', RIGHTS],
  14: ['block-unavailable', 'the meter does not have the next block any more', AGAIN],
  15: ['long-get-aborted', 'the meter gave up the transfer in blocks', AGAIN],
  16: ['no-long-get', 'no transfer in blocks is going on at the meter', AGAIN],
  17: ['long-set-aborted', 'the meter gave up taking blocks', AGAIN],
  18: ['no-long-set', 'the meter takes no blocks now', AGAIN],
  19: ['block-number-invalid', 'the meter expected another block', AGAIN],
  250: ['other', 'the meter gives no reason', AGAIN],
};

/** The meaning of a result other than 0; unknown numbers are named by their number. */
export function accessResult(result: number): AccessResult {
  const [name, because, nextStep] = RESULTS[result] ?? [
    `${result}`,
    'a result that the standard does not define',
    'Try again; if this stays, look at the event log of the meter.',
  ];
  return { name, because, nextStep };
}
