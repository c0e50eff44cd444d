import { useEffect } from 'react';
import { create } from 'zustand';

/** The job whose own screen is open: nobody has to be told of it, and nothing may cover its questions. */
export const useJobInView = create<{ readonly job: string | null }>(() => ({ job: null }));

/** For the screen of a job, while it is open. */
export function useAsJobInView(job: string): void {
  useEffect(() => {
    useJobInView.setState({ job });
    return () => useJobInView.setState({ job: null });
  }, [job]);
}
