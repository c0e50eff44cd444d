import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface PersonFieldProps {
  readonly person: string;
  readonly onPerson: (person: string) => void;
  /** It was asked for in vain: the field says so while it is empty. */
  readonly early?: boolean;
}

/** The name that stands in the records of what is done to a meter. */
export function PersonField({ person, onPerson, early = false }: PersonFieldProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('configure:by')}
      value={person}
      maxLength={200}
      maw={360}
      onChange={(event) => onPerson(event.currentTarget.value)}
      error={early && person.trim() === '' ? t('configure:needName') : undefined}
    />
  );
}
