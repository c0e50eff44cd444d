/** Exception codes of Modbus Application Protocol 1.1b3, 7. */
export const EXCEPTION = { illegalFunction: 1, illegalAddress: 2, illegalValue: 3 } as const;
export type ExceptionCode = (typeof EXCEPTION)[keyof typeof EXCEPTION];

/** An exception response. */
export function exception(functionCode: number, code: ExceptionCode): Buffer {
  return Buffer.from([(functionCode & 0x7f) | 0x80, code]);
}
