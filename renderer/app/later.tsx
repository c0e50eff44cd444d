import { type ComponentType, createElement, type ReactNode, Suspense, use, useRef } from 'react';

/** A page that is never idle, or hidden, goes on after so long. */
const IDLE_MS = 500;

const loaders: (() => Promise<unknown>)[] = [];

/**
 * A component whose code comes when it is first shown, or before that when the page has nothing else to do. The first screen is painted
 * the sooner the less is loaded with it, so everything that is not on it is made with this:
 *
 *     component: later(() => import('./logs-screen.tsx').then((module) => module.LogsScreen))
 *
 * Called at the top of a module, never while rendering. It is shown inside a `Suspense`: the frame has one around the screens, and
 * {@link Opened} has one around what is opened.
 */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let component: ComponentType<Props> | undefined;
  let asked: Promise<ComponentType<Props>> | undefined;
  const ask = (): Promise<ComponentType<Props>> => {
    asked ??= load().then((loaded) => {
      component = loaded;
      return loaded;
    });
    return asked;
  };
  loaders.push(ask);
  return function Later(props: Props) {
    // What is there already is rendered at once: to suspend would show the fallback for a moment.
    return createElement(component ?? use(ask()), props);
  };
}

/** Loads everything that was left for later, one after the other, each when the page has nothing else to do. */
export async function loadTheRest(): Promise<void> {
  for (const load of loaders) {
    await new Promise((resolve) => requestIdleCallback(resolve, { timeout: IDLE_MS }));
    await load();
  }
}

/** Something that opens over the screen: not there until it is first opened, and then kept so that it can close as it opened. */
export function Opened({ opened, children }: { readonly opened: boolean; readonly children: ReactNode }) {
  const wanted = useRef(false);
  wanted.current ||= opened;
  return wanted.current && <Suspense>{children}</Suspense>;
}
