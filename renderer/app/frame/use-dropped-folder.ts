import { useEffect } from 'react';
import { navigate } from '../router.ts';

/** A folder that is dropped anywhere onto the window is opened as a backup; places that take files themselves keep what is theirs. */
export function useDroppedFolder(): void {
  useEffect(() => {
    const onOver = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
    };
    const onDrop = (event: DragEvent) => {
      const { dataTransfer } = event;
      // Taken by a place on the screen: its handler ran before this one.
      if (event.defaultPrevented || dataTransfer === null) return;
      event.preventDefault();
      const [item, ...more] = [...dataTransfer.items].filter(({ kind }) => kind === 'file');
      const [file] = dataTransfer.files;
      if (item === undefined || file === undefined || more.length > 0) return;
      if (item.webkitGetAsEntry()?.isDirectory !== true) return;
      const path = window.meterwright.shell.pathOfFile(file);
      if (path !== '') navigate('logs', 'bag', path);
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
}
