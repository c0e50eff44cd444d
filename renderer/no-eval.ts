import { z } from 'zod';

// Before any schema is made: zod otherwise tries whether it may compile code, and the policy of the page counts the attempt as a violation.
z.config({ jitless: true });
