/** The part of bacstack 0.0.1-beta.14 that is used here; the package has no types of its own. */
declare module 'bacstack' {
  import type { EventEmitter } from 'node:events';

  namespace bacstack {
    /** What the library sends through. Addresses are opaque to it. */
    interface Transport extends EventEmitter {
      getBroadcastAddress(): string;
      getMaxPayload(): number;
      send(buffer: Uint8Array, length: number, receiver: string): void;
      open(): void;
      close(): void;
    }
    /** An index 0 only gets through as the text "0". */
    type ArrayIndex = number | '0';
    interface ObjectId {
      readonly type: number;
      readonly instance: number;
    }
    type Callback = (error: Error | null, result?: unknown) => void;
  }

  class bacstack {
    constructor(options: { readonly transport: bacstack.Transport; readonly apduTimeout?: number });
    whoIs(options?: { readonly lowLimit?: number; readonly highLimit?: number; readonly address?: string }): void;
    readProperty(
      address: string,
      objectId: bacstack.ObjectId,
      propertyId: number,
      options: { readonly invokeId: number; readonly arrayIndex?: bacstack.ArrayIndex },
      next: bacstack.Callback,
    ): void;
    readPropertyMultiple(
      address: string,
      requests: readonly {
        readonly objectId: bacstack.ObjectId;
        readonly properties: readonly { readonly id: number; readonly index?: bacstack.ArrayIndex }[];
      }[],
      options: { readonly invokeId: number },
      next: bacstack.Callback,
    ): void;
  }

  export = bacstack;
}
