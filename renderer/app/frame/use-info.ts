import { useEffect, useState } from 'react';
import type { Shell } from '../../../shared/contract/shell/shell.ts';

type Info = Awaited<ReturnType<Shell['info']>>;

/** What the shell says about the program it runs in; undefined until it did. */
export function useInfo(): Info | undefined {
  const [info, setInfo] = useState<Info>();
  useEffect(() => {
    let wanted = true;
    void window.meterwright.shell.info().then((found) => {
      if (wanted) setInfo(found);
    });
    return () => {
      wanted = false;
    };
  }, []);
  return info;
}
