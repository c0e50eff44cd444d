/** `on`: ports are open. `off`: no power. `applying`: new firmware is being written, every port is closed. `stopped`: for good. */
type PowerState = 'on' | 'off' | 'applying' | 'stopped';

/** What the life of a meter moves. */
export interface LifecycleParts {
  /** Opens every port, or brings the open ones in line with what is to be refused. */
  openPorts(): Promise<void>;
  /** Closes every port and connection; `orderly` lets answers out first. */
  closePorts(orderly: boolean): Promise<void>;
  /** Whether the stored state says that an upgrade is being applied. */
  applying(): boolean;
  /** Ends the upgrade. */
  finishApplying(): Promise<void>;
  /** Called when power is lost. */
  unpowered(): void;
  /** Called when power comes back, before the ports open. */
  powered(): Promise<void>;
  readonly applySeconds: number;
  /** Something failed that nobody waits for. */
  failed(thrown: unknown): void;
}

/** Power on, off and restart of a meter. Changes happen one after another; each settles when it is done. */
export interface Lifecycle {
  readonly power: PowerState;
  start(): Promise<void>;
  /** No power for so many seconds, then a start. */
  losePower(seconds: number): Promise<void>;
  /** Closes the ports and works on the upgrade that the stored state asks for. Settles when the ports are closed. */
  apply(): Promise<void>;
  /** Brings the open ports in line with the armed faults. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

export function createLifecycle(parts: LifecycleParts): Lifecycle {
  let power: PowerState = 'off';
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  /** Runs changes one after another; a failed one does not keep the next from running. */
  function enqueue(change: () => Promise<void>): Promise<void> {
    const done = turn.then(() => (power === 'stopped' ? undefined : change()));
    turn = done.catch(() => undefined); // The caller of `enqueue` owns the failure.
    return done;
  }

  function after(seconds: number, change: () => Promise<void>): void {
    timer = setTimeout(() => {
      enqueue(change).catch(parts.failed);
    }, seconds * 1000);
  }

  async function powerOn(): Promise<void> {
    await parts.powered();
    if (parts.applying()) work();
    else await open();
  }

  /** Applying starts over after a loss of power: that is what the agent of the meter does. */
  function work(): void {
    power = 'applying';
    after(parts.applySeconds, async () => {
      await parts.finishApplying();
      await parts.powered();
      await open();
    });
  }

  async function open(): Promise<void> {
    await parts.openPorts();
    power = 'on';
  }

  return {
    get power() {
      return power;
    },
    start: () => enqueue(powerOn),
    losePower: (seconds) =>
      enqueue(async () => {
        clearTimeout(timer);
        // A second loss before the start makes the same outage longer.
        if (power !== 'off') parts.unpowered();
        power = 'off';
        await parts.closePorts(false);
        after(seconds, powerOn);
      }),
    apply: () =>
      enqueue(async () => {
        if (power !== 'on') return; // A loss of power came first; the next start goes on with the upgrade.
        power = 'applying';
        await parts.closePorts(true);
        work();
      }),
    refresh: () =>
      enqueue(async () => {
        if (power === 'on') await parts.openPorts();
      }),
    stop: () =>
      enqueue(async () => {
        clearTimeout(timer);
        await parts.closePorts(false);
        power = 'stopped';
      }),
  };
}
