import { joined } from '../codec/axdr-write.ts';
import { clientAddress, createDeframer, encodeFrame, type HdlcFrame, serverAddress } from './hdlc-frame.ts';
import type { Line } from './line.ts';
import type { Failure, Link, LinkHandlers } from './link.ts';

const SNRM = 0x93;
const UA = 0x73;
const DISC = 0x53;
const DM = 0x1f;
const FRMR = 0x97;
const POLL = 0x10;
/** 128 bytes and a window of 1, both ways: what an ION7400 has. IEC 62056-46, 6.4.4.4.3.2. */
const LINK_PARAMETERS = Uint8Array.from(Buffer.from('818012050180060180070400000001080400000001', 'hex'));
const INFO_BYTES = 128;
const LLC_REQUEST = Uint8Array.of(0xe6, 0xe6, 0x00);
const LLC_RESPONSE = Uint8Array.of(0xe6, 0xe7, 0x00);
const NOTHING = new Uint8Array(0);
/** A round trip is asked for this often within its time-out. */
const TRIES = 3;
const LONGEST_DISC_MS = 500;
/** Frames with wrong checks or of others are dropped, as the standard says; this many are an attack, or not HDLC. */
const MOST_DROPPED_FRAMES = 64;
const MOST_DROPPED_BYTES = 65_536;

type Phase = 'idle' | 'opening' | 'open' | 'leaving' | 'over';

/** The client side of HDLC as in IEC 62056-46: normal response mode, window 1, one APDU in each I frame, no segmentation. */
export function createHdlcLink(options: {
  readonly line: Line;
  readonly clientSap: number;
  readonly serverSap: number;
  readonly physicalAddress: number;
  readonly timeoutMs: number;
  readonly handlers: LinkHandlers;
}): Link {
  const { line, handlers, timeoutMs } = options;
  const client = clientAddress(options.clientSap);
  const server = serverAddress(options.serverSap, options.physicalAddress);
  const deframer = createDeframer();
  let phase: Phase = 'idle';
  let strays = 0;
  /** What had been skipped when the last good frame came: noise counts between two good frames, not over a day. */
  let excused = { frames: 0, bytes: 0 };
  let largestInfo = INFO_BYTES;
  /** Our number of the next I frame, and of the one expected from the meter. */
  let sending = 0;
  let expected = 0;
  let unanswered: { readonly frame: Uint8Array; readonly number: number } | undefined;
  let repeat: NodeJS.Timeout | undefined;
  let tries = 0;
  let answered: ((frame: HdlcFrame) => void) | undefined;
  let lost: ((kind: 'closed' | 'malformed', because: string) => void) | undefined;
  let closing: Promise<void> | undefined;

  const write = (control: number, info: Uint8Array = NOTHING): void =>
    line.write(encodeFrame({ destination: server, source: client, control, info }));

  function breakOff(kind: 'closed' | 'malformed', because: string): void {
    clearInterval(repeat);
    const before = phase;
    if (before === 'over') return;
    phase = 'over';
    lost?.(kind, because);
    if (before === 'open') handlers.broken(kind, because);
  }

  /** Asks again a few times within the time-out; whoever waits for the answer has its own timer. */
  function repeating(again: () => void): void {
    clearInterval(repeat);
    tries = 1;
    repeat = setInterval(() => {
      tries += 1;
      if (tries > TRIES) clearInterval(repeat);
      else again();
    }, timeoutMs / TRIES);
  }

  function onFrame(frame: HdlcFrame): void {
    if (phase === 'over' || !same(frame.destination, client) || !same(frame.source, server)) {
      strays += 1;
      return;
    }
    if (phase === 'opening' || phase === 'leaving') answered?.(frame);
    else if (phase === 'open') onOpenFrame(frame);
  }

  function onOpenFrame(frame: HdlcFrame): void {
    const { control } = frame;
    if ((control & 0x01) === 0) onInformation(frame);
    else if ((control & 0x0f) === 0x01 || (control & 0x0f) === 0x09) onReceipt(control >> 5);
    else if ((control | POLL) === DM) breakOff('closed', 'the meter left the data link (DM)');
    else if ((control | POLL) === FRMR) breakOff('malformed', 'the meter rejected a frame (FRMR)');
    else strays += 1;
  }

  function onInformation(frame: HdlcFrame): void {
    // A repeated answer: what it says was taken already.
    if (unanswered === undefined || ((frame.control >> 1) & 7) !== expected) {
      strays += 1;
      return;
    }
    if (frame.segmented) {
      breakOff('malformed', 'the meter sends a segmented frame, which was not agreed on');
      return;
    }
    if (!same(frame.info.subarray(0, 3), LLC_RESPONSE)) {
      breakOff('malformed', 'an information frame has no LLC header');
      return;
    }
    clearInterval(repeat);
    unanswered = undefined;
    strays = 0;
    excused = { ...deframer.skipped };
    expected = (expected + 1) & 7;
    handlers.apdu(frame.info.subarray(3));
  }

  /** RR or REJ: the meter says which of our frames it expects next. If it is the one that waits, it was lost on the way. */
  function onReceipt(next: number): void {
    if (unanswered !== undefined && next === unanswered.number && tries > 1) line.write(unanswered.frame);
    else strays += 1;
  }

  line.start({
    data(chunk) {
      if (phase === 'over') return;
      for (const frame of deframer.take(chunk)) onFrame(frame);
      const { frames, bytes } = deframer.skipped;
      if (strays + frames - excused.frames > MOST_DROPPED_FRAMES || bytes - excused.bytes > MOST_DROPPED_BYTES) {
        breakOff('malformed', 'too much came that is no HDLC frame for this client');
      }
    },
    ended: (because) => breakOff('closed', because),
  });

  /** SNRM or DISC; resolves with the answer, or with why there is none. */
  function ask(control: number, info: Uint8Array, capMs: number, signal?: AbortSignal): Promise<HdlcFrame | Failure> {
    return new Promise((resolve) => {
      const settle = (outcome: HdlcFrame | Failure): void => {
        clearTimeout(timer);
        clearInterval(repeat);
        signal?.removeEventListener('abort', onAbort);
        answered = undefined;
        lost = undefined;
        resolve(outcome);
      };
      const onAbort = (): void => settle({ kind: 'aborted', because: 'it was stopped', sent: true });
      const timer = setTimeout(
        () => settle({ kind: 'timeout', because: `the data link was not answered within ${capMs} ms`, sent: true }),
        capMs,
      );
      answered = (frame) => {
        const kind = frame.control | POLL;
        if (kind === UA || kind === DM) settle(frame);
        else strays += 1;
      };
      lost = (kind, because) => settle({ kind, because, sent: true });
      signal?.addEventListener('abort', onAbort, { once: true });
      write(control, info);
      if (signal?.aborted === true) onAbort();
      else repeating(() => write(control, info));
    });
  }

  async function leave(): Promise<void> {
    clearInterval(repeat);
    unanswered = undefined;
    if (phase === 'open' || phase === 'opening') {
      phase = 'leaving';
      // Whatever comes back, or nothing: the line is released next.
      await ask(DISC, NOTHING, Math.min(timeoutMs, LONGEST_DISC_MS));
    }
    phase = 'over';
    await line.close();
  }

  return {
    largestApdu: () => largestInfo - LLC_REQUEST.length,
    async open(signal) {
      // The line may have ended before anybody asked for the data link.
      if (phase === 'over') return { kind: 'closed', because: 'the connection was closed', sent: false };
      phase = 'opening';
      const outcome = await ask(SNRM, LINK_PARAMETERS, timeoutMs, signal);
      if ('kind' in outcome) return outcome;
      if ((outcome.control | POLL) === DM) {
        return { kind: 'closed', because: 'the meter does not take part in a data link now (DM)', sent: true };
      }
      largestInfo = Math.min(INFO_BYTES, receivableInfo(outcome.info));
      phase = 'open';
      return undefined;
    },
    send(apdu) {
      if (phase !== 'open') return;
      const number = sending;
      const control = (expected << 5) | POLL | (number << 1);
      const frame = encodeFrame({
        destination: server,
        source: client,
        control,
        info: joined([LLC_REQUEST, apdu]),
      });
      sending = (sending + 1) & 7;
      unanswered = { frame, number };
      line.write(frame);
      // Not the frame again: the meter may have it and be at work. RR with the poll bit asks how far it is.
      repeating(() => write((expected << 5) | POLL | 0x01));
    },
    close() {
      closing ??= leave();
      return closing;
    },
  };
}

/** The largest information field that the meter takes, from parameter 6 of its UA; 128 where it says nothing that makes sense. */
function receivableInfo(info: Uint8Array): number {
  if (info[0] !== 0x81 || info[1] !== 0x80) return INFO_BYTES;
  for (let at = 3; at + 1 < info.length; ) {
    const length = info[at + 1] ?? 0;
    const value = info.subarray(at + 2, at + 2 + length).reduce((sum, byte) => sum * 256 + byte, 0);
    if (info[at] === 0x06) return value >= 32 ? value : INFO_BYTES;
    at += 2 + length;
  }
  return INFO_BYTES;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
