/* Reads the blocks given as address:count over one connection with libmodbus, `repeats` times, and prints the median of the seconds
 * and the sum of all registers of one pass as JSON. Usage: snapshot PORT REPEATS ADDRESS:COUNT... */
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc < 4) return 64;
  int repeats = atoi(argv[2]);
  double *seconds = calloc((size_t)repeats, sizeof *seconds);
  unsigned long sum = 0;
  modbus_t *client = modbus_new_tcp("127.0.0.1", atoi(argv[1]));
  if (seconds == NULL || client == NULL || modbus_set_slave(client, 255) != 0 || modbus_connect(client) != 0) return 1;
  for (int pass = 0; pass < repeats; pass++) {
    double start = now();
    sum = 0;
    for (int block = 3; block < argc; block++) {
      unsigned short words[MODBUS_MAX_READ_REGISTERS];
      int address, count;
      if (sscanf(argv[block], "%d:%d", &address, &count) != 2) return 64;
      if (modbus_read_registers(client, address, count, words) != count) return 1;
      for (int i = 0; i < count; i++) sum += words[i];
    }
    seconds[pass] = now() - start;
  }
  modbus_close(client);
  modbus_free(client);
  qsort(seconds, (size_t)repeats, sizeof *seconds, ascending);
  printf("{\"seconds\":%.9f,\"sum\":%lu}\n", seconds[repeats / 2], sum);
  return 0;
}
