import '@mantine/spotlight/styles.css';
import { createSpotlight, Spotlight, type SpotlightActionData, useSpotlight } from '@mantine/spotlight';
import {
  IconDeviceDesktop,
  IconFlask,
  IconFolderOpen,
  IconHelp,
  IconKeyboard,
  IconMoon,
  IconPlus,
  IconSun,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { SETTING_AREAS } from '../../../shared/domain/change.ts';
import { openBag } from '../../features/logs/open-bag.ts';
import { nameOf, placeOf, useMeters } from '../feeds/meters-store.ts';
import { useTheme } from '../look/use-theme.ts';
import { navigate, useRoute } from '../router.ts';
import { screens } from '../screens.ts';

const [store, actions] = createSpotlight();

/** Opens and closes the palette. */
export const palette = actions;

/** Everything that can be gone to or done from anywhere, by typing a part of its name. */
export function Palette({ onHelp, onKeys }: { readonly onHelp: () => void; readonly onKeys: () => void }) {
  const { t } = useTranslation();
  const meters = useMeters((state) => state.meters);
  const [, setTheme] = useTheme();
  const { opened } = useSpotlight(store);
  const route = useRoute();
  const go: SpotlightActionData[] = screens
    .filter(({ nav }) => nav)
    .map(({ id, icon: Icon, labelKey }) => ({
      id: `go ${id}`,
      label: t(labelKey),
      leftSection: <Icon size={16} />,
      onClick: () => navigate(id),
    }));
  // Of thousands of meters nothing is made while nobody looks.
  const toMeters: SpotlightActionData[] = (opened ? meters : []).map((meter) => ({
    id: `meter ${meter.id}`,
    label: nameOf(meter),
    description: placeOf(meter),
    keywords: [meter.identity?.serial ?? '', meter.identity?.model ?? '', meter.note],
    onClick: () => navigate('meter', meter.id, 'overview'),
  }));
  // Those of the meter that is looked at; of thousands of meters they would bury everything else.
  const here = route.screen === 'meter' ? meters.filter(({ id }) => id === route.rest[0]) : [];
  const toSettings: SpotlightActionData[] = here.flatMap((meter) =>
    SETTING_AREAS.map((area) => ({
      id: `configure ${area} ${meter.id}`,
      label: t('configure:palette', { area: t(`rules:area.${area}`), name: nameOf(meter) }),
      description: placeOf(meter),
      onClick: () => navigate('meter', meter.id, 'configure', area),
    })),
  );
  const act: SpotlightActionData[] = [
    {
      id: 'add',
      label: t('meters:add.open'),
      leftSection: <IconPlus size={16} />,
      onClick: () => navigate('meters', 'add'),
    },
    {
      id: 'practise',
      label: t('meters:practise.open'),
      leftSection: <IconFlask size={16} />,
      onClick: () => navigate('meters', 'practise'),
    },
    {
      id: 'open-bag',
      label: t('logs:bag.open'),
      leftSection: <IconFolderOpen size={16} />,
      onClick: () => void openBag(),
    },
    { id: 'light', label: t('app:theme.light'), leftSection: <IconSun size={16} />, onClick: () => setTheme('light') },
    { id: 'dark', label: t('app:theme.dark'), leftSection: <IconMoon size={16} />, onClick: () => setTheme('dark') },
    {
      id: 'system',
      label: t('app:theme.system'),
      leftSection: <IconDeviceDesktop size={16} />,
      onClick: () => setTheme('system'),
    },
    { id: 'help', label: t('app:help.open'), leftSection: <IconHelp size={16} />, onClick: onHelp },
    { id: 'keys', label: t('app:keys.title'), leftSection: <IconKeyboard size={16} />, onClick: onKeys },
  ];
  return (
    <Spotlight
      store={store}
      shortcut={null}
      attributes={{ content: { 'aria-label': t('app:palette.open') } }}
      actions={[
        { group: t('app:palette.go'), actions: go },
        { group: t('app:palette.do'), actions: act },
        { group: t('app:palette.meters'), actions: toMeters },
        { group: t('configure:panes'), actions: toSettings },
      ]}
      limit={24}
      nothingFound={t('app:palette.nothing')}
      searchProps={{ placeholder: t('app:palette.search'), 'aria-label': t('app:palette.search') }}
      scrollable
      maxHeight={380}
    />
  );
}
