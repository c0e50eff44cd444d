import { ActionIcon } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconBinaryTree } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { setSiteTree, usePreferences } from '../../../app/preferences.ts';
import { ROOM_FOR_TREE } from './sites.ts';

/** Known when the list is first rendered: the table must not move when it is painted. */
const AT_ONCE = { getInitialValueInEffect: false } as const;

/** Whether there is room for the tree of sites beside the list, and whether the person wants it there. */
export function useSiteTree(): { readonly room: boolean; readonly wanted: boolean } {
  const room = useMediaQuery(ROOM_FOR_TREE, undefined, AT_ONCE);
  const wanted = usePreferences((state) => state.siteTree);
  return { room, wanted };
}

/** Folds the tree of sites away, or shows it again. */
export function SiteTreeSwitch({ shown }: { readonly shown: boolean }) {
  const { t } = useTranslation();
  return (
    <ActionIcon
      variant="default"
      size={30}
      aria-label={t('meters:tree.label')}
      aria-expanded={shown}
      title={t(shown ? 'meters:tree.fold' : 'meters:tree.show')}
      onClick={() => setSiteTree(!shown)}
    >
      <IconBinaryTree size={16} />
    </ActionIcon>
  );
}
