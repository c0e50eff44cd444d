import type { Problem, Result } from '../../../shared/domain/problem.ts';
import { connectDlms } from '../../protocols/dlms/client.ts';
import { connectDlmsSerial } from '../../protocols/dlms/link/serial.ts';
import type { DlmsClient, DlmsSettings } from '../../protocols/dlms/types.ts';
import type { MeterAddress } from '../types.ts';
import type { DlmsAccess } from './types.ts';

/** How associations are made; tests put their own in. */
export interface DlmsConnectors {
  readonly tcp: typeof connectDlms;
  readonly serial: typeof connectDlmsSerial;
}

const CONNECTORS: DlmsConnectors = { tcp: connectDlms, serial: connectDlmsSerial };

/** The way to the one association of a meter. */
export interface DlmsDoor {
  /** Connects and associates with what the technician allowed, and with nothing else. A refused secret is remembered and answered without the meter. */
  open(signal: AbortSignal): Promise<Result<DlmsClient>>;
  /** How it went last: decides how much is asked for at once. */
  framing(): DlmsSettings['kind'];
}

/** After these the meter may speak HDLC instead: it hung up without a word, or its bytes were no wrapper. */
const NOT_UNDERSTOOD: ReadonlySet<string> = new Set(['dlms/busy', 'dlms/malformed', 'dlms/closed']);

/**
 * `auto` asks over the TCP wrapper first. HDLC is tried on the same port only where the meter did not understand that; where it was silent, only without a
 * secret, which it may have counted already. What worked once is used from then on.
 */
export function createDlmsDoor(
  address: MeterAddress,
  access: DlmsAccess,
  connect: DlmsConnectors = CONNECTORS,
): DlmsDoor {
  const { link, clientSap, serverSap, password, deviationSign } = access;
  let refused: Problem | undefined;
  let known: DlmsSettings['kind'] | undefined = link === 'auto' ? undefined : link === 'wrapper' ? 'wrapper' : 'hdlc';

  const settings = (kind: DlmsSettings['kind']): DlmsSettings => ({
    kind,
    clientSap,
    serverSap,
    deviationSign,
    timeoutMs: address.timeoutMs,
    ...(password === undefined ? {} : { password }),
  });

  const overTcp = (kind: DlmsSettings['kind'], signal: AbortSignal): Promise<Result<DlmsClient>> =>
    connect.tcp({ ...settings(kind), host: address.host, port: address.ports.dlms }, { signal });

  async function reach(signal: AbortSignal): Promise<Result<DlmsClient>> {
    if (typeof link === 'object') {
      const { path, baudRate, physicalAddress } = link;
      return connect.serial({ path, baudRate }, { ...settings('hdlc'), physicalAddress }, { signal });
    }
    const first = await overTcp(known ?? 'wrapper', signal);
    if (first.ok || known !== undefined || !mayBeHdlc(first.problem)) {
      if (first.ok) known ??= 'wrapper';
      return first;
    }
    const second = await overTcp('hdlc', signal);
    if (second.ok) known = 'hdlc';
    // A meter that understands neither is told of as it answered the way that is usual on TCP.
    return second.ok || DECIDED.has(second.problem.code) ? second : first;
  }

  function mayBeHdlc({ code }: Problem): boolean {
    return NOT_UNDERSTOOD.has(code) || (code === 'dlms/timeout' && password === undefined);
  }

  return {
    framing: () => known ?? 'wrapper',
    async open(signal) {
      if (refused !== undefined) return { ok: false, problem: refused };
      const opened = await reach(signal);
      if (!opened.ok && opened.problem.code === 'dlms/wrong-secret') refused = opened.problem;
      return opened;
    },
  };
}

/** Answers that only a meter gives that understood the question. */
const DECIDED: ReadonlySet<string> = new Set(['dlms/wrong-secret', 'dlms/association-refused', 'aborted']);
