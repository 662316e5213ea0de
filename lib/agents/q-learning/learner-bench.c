/* The work of kernel.as for two agents with memory 1, in C: the peer that q-learning.bench.ts measures against.
 * gcc -O3 -march=native -ffp-contract=off learner-bench.c -lm; usage: a.out SESSIONS; prints periods and CPU seconds.
 * Same generator, same arithmetic, second-best bound per row, and the same branch-free scan of a padded row. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { M = 15, ROW = 16, STATES = M * M };
typedef struct { double best, bound; int greedy; } Head;

static double q[STATES * 2][ROW], payoff[STATES][2];
static Head heads[STATES * 2];
static uint32_t x0, x1, x2, x3;

static inline uint32_t rotl(uint32_t x, int k) { return x << k | x >> (32 - k); }

static inline uint32_t next_word(void) {
  uint32_t word = rotl(x1 * 5, 7) * 9, t = x1 << 9;
  x2 ^= x0; x3 ^= x1; x1 ^= x2; x0 ^= x3; x2 ^= t; x3 = rotl(x3, 11);
  return word;
}

/* True if the greedy action is new. A tie takes the lowest action: ties do not occur in the baseline cell. */
static inline int rescan(int row) {
  const double *v = q[row];
  double b0 = v[0], b1 = v[1], s0 = -INFINITY, s1 = -INFINITY;
  for (int i = 2; i < ROW; i += 2) {
    double m0 = b0 < v[i] ? b0 : v[i], m1 = b1 < v[i + 1] ? b1 : v[i + 1];
    s0 = s0 > m0 ? s0 : m0; s1 = s1 > m1 ? s1 : m1;
    b0 = b0 > v[i] ? b0 : v[i]; b1 = b1 > v[i + 1] ? b1 : v[i + 1];
  }
  double best = b0 > b1 ? b0 : b1, bound = b0 > b1 ? b1 : b0;
  if (s0 > bound) bound = s0;
  if (s1 > bound) bound = s1;
  unsigned equal = 0;
  for (int i = 0; i < ROW; i++) equal |= (unsigned)(v[i] == best) << i;
  int greedy = __builtin_ctz(equal), is_new = greedy != heads[row].greedy;
  heads[row] = (Head){best, bound, greedy};
  return is_new;
}

static inline int settle(int row, int action, int greedy, double value) {
  Head *h = &heads[row];
  if (action == greedy) {
    if (value > h->bound) h->best = value;
    else if (value < h->best) return rescan(row);
  } else if (value > h->bound) {
    if (value > h->best) { h->bound = h->best; h->best = value; h->greedy = action; return 1; }
    h->bound = value;
  }
  return 0;
}

static long session(uint64_t seed) {
  const double alpha = 0.15, delta = 0.95, decay = exp(-4e-6);
  uint32_t *words[4] = {&x0, &x1, &x2, &x3};
  for (int i = 0; i < 4; i++) { seed = seed * 6364136223846793005u + 1442695040888963407u; *words[i] = seed >> 32; }
  for (int agent = 0; agent < 2; agent++)
    for (int a = 0; a < ROW; a++) {
      double sum = 0;
      for (int b = 0; b < M && a < M; b++) sum += agent ? payoff[b * M + a][1] : payoff[a * M + b][0];
      for (int s = 0; s < STATES; s++) q[s * 2 + agent][a] = a < M ? sum / (M * (1 - delta)) : -INFINITY;
    }
  for (int row = 0; row < STATES * 2; row++) rescan(row);
  double epsilon = 1;
  int state = 7 * M + 3;
  long period = 0;
  for (int stable = 0; stable < 100000; period++) {
    double word0 = next_word() + 0.5, word1 = next_word() + 0.5, threshold = epsilon * 4294967296.0;
    int row = state * 2, greedy0 = heads[row].greedy, greedy1 = heads[row + 1].greedy, a0 = greedy0, a1 = greedy1;
    if ((word0 <= threshold) | (word1 <= threshold)) {
      if (word0 <= threshold) a0 = (uint64_t)M * (2 * (uint64_t)next_word() + 1) >> 33;
      if (word1 <= threshold) a1 = (uint64_t)M * (2 * (uint64_t)next_word() + 1) >> 33;
    }
    epsilon *= decay;
    int next = a0 * M + a1;
    double *cell0 = &q[row][a0], *cell1 = &q[row + 1][a1], old0 = *cell0, old1 = *cell1;
    double value0 = old0 + alpha * (payoff[next][0] + delta * heads[next * 2].best - old0);
    double value1 = old1 + alpha * (payoff[next][1] + delta * heads[next * 2 + 1].best - old1);
    *cell0 = value0;
    *cell1 = value1;
    int changed = settle(row, a0, greedy0, value0) | settle(row + 1, a1, greedy1, value1);
    stable = changed ? 1 : stable + 1;
    state = next;
  }
  return period;
}

int main(int count, char **arguments) {
  int sessions = count > 1 ? atoi(arguments[1]) : 20;
  double nash = 1.47293, joint = 1.92498, low = nash - 0.1 * (joint - nash), high = joint + 0.1 * (joint - nash);
  double price[M];
  price[0] = low;
  for (int i = 1; i < M; i++) price[i] = price[i - 1] + (high - low) / (M - 1);
  price[M - 1] = high;
  for (int a = 0; a < M; a++)
    for (int b = 0; b < M; b++) {
      double u = exp((2 - price[a]) / 0.25), w = exp((2 - price[b]) / 0.25), sum = u + w + 1;
      payoff[a * M + b][0] = (price[a] - 1) * (u / sum);
      payoff[a * M + b][1] = (price[b] - 1) * (w / sum);
    }
  long periods = 0;
  clock_t start = clock();
  for (int s = 1; s <= sessions; s++) periods += session(s);
  printf("%ld %f\n", periods, (double)(clock() - start) / CLOCKS_PER_SEC);
}
