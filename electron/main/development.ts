import { parseUrl } from './guards/app-protocol.ts';

/** The address of the development server, or undefined: only an application that is not packed believes the environment, and only this PC. */
export function developmentUrl(environment: string | undefined, packaged: boolean): URL | undefined {
  const url = packaged || environment === undefined ? undefined : parseUrl(environment);
  if (url === undefined) return undefined;
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return local && url.protocol === 'http:' ? url : undefined;
}
