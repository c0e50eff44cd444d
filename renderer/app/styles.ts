import '@mantine/core/styles.css';
import '../ui/tokens.css';
