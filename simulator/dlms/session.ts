import { aare, DIAGNOSTIC, initiateError, initiateResponse, parseAarq, RLRE } from './acse.ts';
import { type Blocks, createBlocks } from './blocks.ts';
import { type Cursor, createCursor } from './cursor.ts';
import { lengthBytes, NULL_DATA, octetString, readValue, structureHead } from './data.ts';
import {
  ACCESS,
  type AccessResult,
  type AssociationView,
  type Attribute,
  type Content,
  type CosemObject,
  type Selection,
} from './object.ts';

/** Bits of the conformance block, from the lowest. Source: Green Book, 9.4.6.1. */
const CONFORMANCE = { selectiveAccess: 1 << 2, set: 1 << 3, get: 1 << 4, blockGet: 1 << 12, attribute0: 1 << 13 };
/** Services of the meter. Source: technical note 7EN22-0123 "DLMS/COSEM and ION technology". */
const SUPPORTED = Object.values(CONFORMANCE).reduce((all, bit) => all | bit, 0);

/** Client service access points. The one that may set the clock shows a secret. Provenance: simulated. */
const PUBLIC_CLIENT = 16;
const MANAGEMENT_CLIENT = 1;

/** Tag, service, invoke id, last block, block number and the choice "raw data" before the length of a block. */
const BLOCK_HEAD = 9;
/** Tag, service, invoke id and the choice "data". */
const NORMAL_HEAD = 4;

/** `slow`: the answer is a block of a log. */
export interface Answer {
  readonly apdu: Buffer;
  readonly slow: boolean;
}

export interface SessionOptions {
  /** The longest APDU in either direction. */
  maxPdu(): number;
  find(name: Buffer): CosemObject | undefined;
  /** Checks the secret of the management client. */
  login(secret: string): Promise<'accepted' | 'refused' | 'locked'>;
}

/** The application layer of one connection. */
export interface Session {
  /** Answers an APDU of a client; every APDU has an answer. Calls must not overlap. */
  answer(apdu: Buffer, client: number): Promise<Answer>;
  /** Ends the association without a word. */
  reset(): void;
}

interface Association extends AssociationView {
  transfer: Transfer | undefined;
}

/** A GET in blocks; `number` is that of the block that was sent last. */
interface Transfer {
  readonly blocks: Blocks;
  readonly slow: boolean;
  number: number;
}

export function createSession(options: SessionOptions): Session {
  let association: Association | undefined;

  async function associate(apdu: Buffer, client: number): Promise<Buffer> {
    association = undefined;
    const request = parseAarq(apdu);
    if (request === undefined) return aare(1, DIAGNOSTIC.noReason);
    const longest = options.maxPdu();
    const offered = initiateResponse(SUPPORTED, longest);
    if (!request.lnContext) return aare(1, DIAGNOSTIC.contextNotSupported, offered);
    const error = initiateError(request.initiate, SUPPORTED);
    if (error !== undefined || request.initiate === undefined) return aare(1, DIAGNOSTIC.noReason, error);
    const refusal = await authenticate(client, request.mechanism, request.secret);
    if (refusal !== undefined) return refusal;
    const conformance = request.initiate.conformance & SUPPORTED;
    const asked = request.initiate.maxPdu;
    const maxPdu = asked === 0 ? longest : Math.min(asked, longest);
    association = { conformance, maxPdu, client, authenticated: client === MANAGEMENT_CLIENT, transfer: undefined };
    return aare(0, DIAGNOSTIC.none, initiateResponse(conformance, longest));
  }

  async function authenticate(client: number, mechanism: string, secret: string): Promise<Buffer | undefined> {
    if (client === PUBLIC_CLIENT) {
      return mechanism === 'none' ? undefined : aare(1, DIAGNOSTIC.mechanismNotRecognised);
    }
    if (client !== MANAGEMENT_CLIENT) return aare(1, DIAGNOSTIC.noReason);
    if (mechanism === 'none') return aare(1, DIAGNOSTIC.authenticationRequired);
    if (mechanism !== 'lls') return aare(1, DIAGNOSTIC.mechanismNotRecognised);
    const result = await options.login(secret);
    if (result === 'accepted') return undefined;
    return aare(result === 'locked' ? 2 : 1, DIAGNOSTIC.authenticationFailure);
  }

  function get(apdu: Buffer, open: Association): Answer {
    const cursor = createCursor(apdu.subarray(1));
    const service = cursor.u8();
    const invoke = cursor.u8();
    if (service === 1) {
      const target = readTarget(cursor);
      if (!cursor.sound || cursor.left > 0) return quick(exception(1, 3));
      open.transfer = undefined;
      const found = read(target, open);
      return found.content === undefined
        ? quick(Buffer.from([0xc4, 1, invoke, 1, found.result]))
        : begin(open, invoke, found.content, found.slow);
    }
    if (service === 2) {
      const number = cursor.u32();
      return cursor.sound && cursor.left === 0 ? next(open, invoke, number) : quick(exception(1, 3));
    }
    return quick(exception(1, 2));
  }

  function read(target: Target, open: Association): { content?: Content; result: AccessResult; slow: boolean } {
    const { conformance } = open;
    const refused = (result: AccessResult) => ({ result, slow: false });
    const object = find(target);
    if (typeof object === 'number') return refused(object);
    if (target.attribute === 0) {
      return (conformance & CONFORMANCE.attribute0) === 0 || target.selection !== undefined
        ? refused(ACCESS.denied)
        : {
            content: everything(object, open),
            result: ACCESS.success,
            slow: object.attributes.some(({ slow }) => slow),
          };
    }
    const attribute = attributeOf(object, target.attribute);
    if (attribute?.read === undefined) return refused(ACCESS.denied);
    if (target.selection !== undefined) {
      const granted = (conformance & CONFORMANCE.selectiveAccess) !== 0;
      if (!granted || !attribute.selectors?.includes(target.selection.selector)) return refused(ACCESS.scopeViolated);
    }
    const content = attribute.read(target.selection, open);
    if (typeof content === 'number') return refused(content);
    return { content, result: ACCESS.success, slow: attribute.slow === true };
  }

  function find({ classId, name }: Target): CosemObject | AccessResult {
    const object = options.find(name);
    if (object === undefined) return ACCESS.undefinedObject;
    return object.classId === classId ? object : ACCESS.classInconsistent;
  }

  function begin(open: Association, invoke: number, content: Content, slow: boolean): Answer {
    const blocks = createBlocks(content);
    if (blocks.endsWithin(open.maxPdu - NORMAL_HEAD)) {
      const bytes = blocks.take(open.maxPdu);
      return { apdu: Buffer.concat([Buffer.from([0xc4, 1, invoke, 0]), bytes]), slow };
    }
    if ((open.conformance & CONFORMANCE.blockGet) === 0) return quick(Buffer.from([0xc4, 1, invoke, 1, ACCESS.other]));
    const transfer = { blocks, slow, number: 0 };
    open.transfer = transfer;
    return block(open, transfer, invoke);
  }

  function block(open: Association, transfer: Transfer, invoke: number): Answer {
    const limit = blockSize(open.maxPdu);
    const bytes = transfer.blocks.take(limit);
    const last = transfer.blocks.endsWithin(0);
    transfer.number += 1;
    const head = Buffer.from([0xc4, 2, invoke, last ? 1 : 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(transfer.number, 4);
    if (last) open.transfer = undefined;
    return { apdu: Buffer.concat([head, lengthBytes(bytes.length), bytes]), slow: transfer.slow };
  }

  function next(open: Association, invoke: number, acknowledged: number): Answer {
    const refused = (result: AccessResult): Answer => {
      open.transfer = undefined;
      const apdu = Buffer.from([0xc4, 2, invoke, 1, 0, 0, 0, 0, 1, result]);
      apdu.writeUInt32BE(acknowledged, 4);
      return quick(apdu);
    };
    if (open.transfer === undefined) return refused(ACCESS.noLongGet);
    return acknowledged === open.transfer.number
      ? block(open, open.transfer, invoke)
      : refused(ACCESS.blockNumberInvalid);
  }

  async function set(apdu: Buffer): Promise<Buffer> {
    const cursor = createCursor(apdu.subarray(1));
    const service = cursor.u8();
    const invoke = cursor.u8();
    if (service !== 1) return exception(1, 2);
    const target = readTarget(cursor);
    const value = readValue(cursor);
    if (!cursor.sound || cursor.left > 0) return exception(1, 3);
    const object = find(target);
    const result = typeof object === 'number' ? object : await write(object, target);
    return Buffer.from([0xc5, 1, invoke, result]);

    async function write(to: CosemObject, { attribute: number, selection }: Target): Promise<AccessResult> {
      const attribute = attributeOf(to, number);
      const granted = association?.client === MANAGEMENT_CLIENT && selection === undefined;
      return granted && attribute?.write !== undefined ? attribute.write(value) : ACCESS.denied;
    }
  }

  return {
    async answer(apdu, client) {
      const tag = apdu[0];
      if (tag === 0x60) return quick(await associate(apdu, client));
      if (tag === 0x62) {
        association = undefined;
        return quick(RLRE);
      }
      const known = tag === 0xc0 || tag === 0xc1;
      if (association === undefined || association.client !== client) return quick(exception(1, 1));
      if (!known) return quick(exception(2, 2));
      const bit = tag === 0xc0 ? CONFORMANCE.get : CONFORMANCE.set;
      if ((association.conformance & bit) === 0) return quick(exception(1, 2));
      return tag === 0xc0 ? get(apdu, association) : quick(await set(apdu));
    },
    reset() {
      association = undefined;
    },
  };
}

interface Target {
  readonly classId: number;
  readonly name: Buffer;
  readonly attribute: number;
  readonly selection: Selection | undefined;
}

function readTarget(cursor: Cursor): Target {
  const classId = cursor.u16();
  const name = cursor.bytes(6);
  const attribute = cursor.i8();
  const selects = cursor.u8();
  if (selects > 1) cursor.spoil();
  const selection = selects === 1 ? { selector: cursor.u8(), parameters: readValue(cursor) } : undefined;
  return { classId, name, attribute, selection };
}

function attributeOf(object: CosemObject, number: number): Attribute | undefined {
  if (number === 1) return { access: 'read', read: () => [octetString(object.name)] };
  return number > 1 ? object.attributes[number - 2] : undefined;
}

/** Attribute 0: a structure of all attributes, null-data for those that cannot be read. */
function* everything(object: CosemObject, open: AssociationView): Content {
  const last = object.attributes.length + 1;
  yield structureHead(last);
  for (let number = 1; number <= last; number += 1) {
    const content = attributeOf(object, number)?.read?.(undefined, open);
    if (content === undefined || typeof content === 'number') yield NULL_DATA;
    else yield* content;
  }
}

/** Raw bytes that fit a block: the length of the length depends on it. */
function blockSize(maxPdu: number): number {
  const room = maxPdu - BLOCK_HEAD;
  if (room <= 0x80) return room - 1;
  return room <= 0x101 ? Math.max(0x7f, room - 2) : Math.max(0xff, room - 3);
}

function quick(apdu: Buffer): Answer {
  return { apdu, slow: false };
}

/** ExceptionResponse. State error: 1 not allowed, 2 unknown; service error: 1 not possible, 2 not supported, 3 other. */
function exception(state: 1 | 2, service: 1 | 2 | 3): Buffer {
  return Buffer.from([0xd8, state, service]);
}
