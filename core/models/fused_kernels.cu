// SPDX-License-Identifier: GPL-3.0-or-later
// What libtorch's operators do in several passes over memory, in one. Compiled for the GPU at hand when it is first used
// (cuda_kernels.cpp), so that a build needs no CUDA toolkit; hence no header. tests/core/models/fused_kernels_test.cpp
// compiles the same text for the CPU, one thread to a block, and holds every kernel against libtorch.
//
// Numbers are float or bfloat16 in memory and float in between: what is written is rounded once. Variants f1, f4, b1, b8
// name the type and how many numbers a thread moves at once; rows must be so aligned.

/// The upper half of a float.
struct Brain16
{
    unsigned short bits;
};

template <typename T, int N> struct alignas(sizeof(T) * N) Pack
{
    T at[N];
};

__device__ inline float wide(float x)
{
    return x;
}

__device__ inline float wide(Brain16 x)
{
    return __uint_as_float(static_cast<unsigned>(x.bits) << 16);
}

__device__ inline void put(float& to, float x)
{
    to = x;
}

/// To the nearest, ties to even.
__device__ inline void put(Brain16& to, float x)
{
    unsigned bits = __float_as_uint(x);
    if ((bits & 0x7fffffffU) > 0x7f800000U)
        bits = 0x7fc00000U; // not a number stays so
    else
        bits += 0x7fffU + ((bits >> 16) & 1U);
    to.bits = static_cast<unsigned short>(bits >> 16);
}

template <typename T, int N> __device__ inline Pack<T, N> load(const T* from)
{
    return *reinterpret_cast<const Pack<T, N>*>(from);
}

template <typename T, int N> __device__ inline void store(T* to, const Pack<T, N>& pack)
{
    *reinterpret_cast<Pack<T, N>*>(to) = pack;
}

#define GRADUS_VARIANTS(DEFINE) DEFINE(f1, float, 1) DEFINE(f4, float, 4) DEFINE(b1, Brain16, 1) DEFINE(b8, Brain16, 8)

// silu(gate) * up of a row [gate, up]. One block a row.

template <typename T, int N> __device__ void swigluForward(const T* gateUp, T* out, long long width)
{
    const T* gate = gateUp + 2 * width * blockIdx.x;
    T* to = out + width * blockIdx.x;
    for (long long c = static_cast<long long>(threadIdx.x) * N; c < width; c += static_cast<long long>(blockDim.x) * N) {
        const Pack<T, N> g = load<T, N>(gate + c);
        const Pack<T, N> u = load<T, N>(gate + width + c);
        Pack<T, N> y;
        for (int i = 0; i < N; ++i) {
            const float x = wide(g.at[i]);
            put(y.at[i], x / (1 + __expf(-x)) * wide(u.at[i]));
        }
        store(to + c, y);
    }
}

template <typename T, int N>
__device__ void swigluBackward(const T* gateUp, const T* upstream, T* byGateUp, long long width)
{
    const T* gate = gateUp + 2 * width * blockIdx.x;
    const T* above = upstream + width * blockIdx.x;
    T* to = byGateUp + 2 * width * blockIdx.x;
    for (long long c = static_cast<long long>(threadIdx.x) * N; c < width; c += static_cast<long long>(blockDim.x) * N) {
        const Pack<T, N> g = load<T, N>(gate + c);
        const Pack<T, N> u = load<T, N>(gate + width + c);
        const Pack<T, N> d = load<T, N>(above + c);
        Pack<T, N> byGate;
        Pack<T, N> byUp;
        for (int i = 0; i < N; ++i) {
            const float x = wide(g.at[i]);
            const float share = 1 / (1 + __expf(-x));
            const float silu = x * share;
            put(byGate.at[i], wide(d.at[i]) * wide(u.at[i]) * (share + silu * (1 - share)));
            put(byUp.at[i], wide(d.at[i]) * silu);
        }
        store(to + c, byGate);
        store(to + width + c, byUp);
    }
}

// A position's packed queries, keys and values [(H + 2 G) x d] <-> turned queries, turned keys, values. The pairs
// (i, i + d / 2) of a query's or key's head turn by the angle of row blockIdx.x mod period of the tables. One block a
// position. turn 1 forward, -1 for gradients, which turn back.

template <typename T> struct Heads
{
    T* packed;
    T* queries;
    T* keys;
    T* values;
};

template <typename T> __device__ inline T* headAt(const Heads<T>& all, int head, int queryHeads, int groups, int size)
{
    if (head < queryHeads) return all.queries + (static_cast<long long>(blockIdx.x) * queryHeads + head) * size;
    if (head < queryHeads + groups)
        return all.keys + (static_cast<long long>(blockIdx.x) * groups + head - queryHeads) * size;
    return all.values + (static_cast<long long>(blockIdx.x) * groups + head - queryHeads - groups) * size;
}

template <typename T, int N>
__device__ void turnHeads(const Heads<T>& all, const T* cosine, const T* sine, int queryHeads, int groups, int size,
                          long long period, float turn)
{
    const int pairs = size / 2;
    const int packs = pairs / N;
    const int heads = queryHeads + 2 * groups;
    const long long angles = (blockIdx.x % period) * pairs;
    T* row = all.packed + static_cast<long long>(blockIdx.x) * heads * size;
    for (int item = static_cast<int>(threadIdx.x); item < heads * packs; item += static_cast<int>(blockDim.x)) {
        const int head = item / packs;
        const int i = (item - head * packs) * N;
        T* apart = headAt(all, head, queryHeads, groups, size);
        T* packed = row + head * size;
        const T* from = turn > 0 ? packed : apart;
        T* to = turn > 0 ? apart : packed;
        Pack<T, N> first = load<T, N>(from + i);
        Pack<T, N> second = load<T, N>(from + pairs + i);
        if (head < queryHeads + groups) {
            const Pack<T, N> c = load<T, N>(cosine + angles + i);
            const Pack<T, N> s = load<T, N>(sine + angles + i);
            for (int k = 0; k < N; ++k) {
                const float x = wide(first.at[k]);
                const float y = wide(second.at[k]);
                const float by = turn * wide(s.at[k]);
                put(first.at[k], x * wide(c.at[k]) - y * by);
                put(second.at[k], y * wide(c.at[k]) + x * by);
            }
        }
        store(to + i, first);
        store(to + pairs + i, second);
    }
}

// log softmax(logits)[target] of a row and the log of its sum of exponentials. One block a row; the largest logit and the
// sum relative to it are kept together, so that the row is read once.

constexpr int kMostThreads = 1024;

template <typename T, int N>
__device__ void tokenLogs(const T* logits, const long long* targets, float* logs, float* sums, long long vocabulary)
{
    __shared__ float tops[kMostThreads];
    __shared__ float parts[kMostThreads];
    const float nothing = __uint_as_float(0xff800000U); // minus infinity
    const T* row = logits + vocabulary * blockIdx.x;
    float top = nothing;
    float part = 0;
    for (long long c = static_cast<long long>(threadIdx.x) * N; c < vocabulary;
         c += static_cast<long long>(blockDim.x) * N) {
        const Pack<T, N> x = load<T, N>(row + c);
        float most = wide(x.at[0]);
        for (int i = 1; i < N; ++i)
            most = fmaxf(most, wide(x.at[i]));
        if (most > top) {
            part *= __expf(top - most);
            top = most;
        }
        for (int i = 0; i < N; ++i)
            part += __expf(wide(x.at[i]) - top);
    }
    tops[threadIdx.x] = top;
    parts[threadIdx.x] = part;
    __syncthreads();
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            const float other = tops[threadIdx.x + half];
            if (other > tops[threadIdx.x]) {
                parts[threadIdx.x] =
                    parts[threadIdx.x] * __expf(tops[threadIdx.x] - other) + parts[threadIdx.x + half];
                tops[threadIdx.x] = other;
            } else if (parts[threadIdx.x + half] != 0) {
                parts[threadIdx.x] += parts[threadIdx.x + half] * __expf(other - tops[threadIdx.x]);
            }
        }
        __syncthreads();
    }
    if (threadIdx.x != 0) return;
    const float sum = tops[0] + logf(parts[0]);
    sums[blockIdx.x] = sum;
    logs[blockIdx.x] = wide(row[targets[blockIdx.x]]) - sum;
}

/// In place of the logits: the gradient of upstream x log p(target), ([is the target] - p) x upstream.
template <typename T, int N>
__device__ void tokenGradient(T* logits, const long long* targets, const float* sums, const float* upstream,
                              long long vocabulary)
{
    T* row = logits + vocabulary * blockIdx.x;
    const float sum = sums[blockIdx.x];
    const float above = upstream[blockIdx.x];
    const long long target = targets[blockIdx.x];
    for (long long c = static_cast<long long>(threadIdx.x) * N; c < vocabulary;
         c += static_cast<long long>(blockDim.x) * N) {
        Pack<T, N> x = load<T, N>(row + c);
        for (int i = 0; i < N; ++i)
            put(x.at[i], ((c + i == target ? 1 : 0) - __expf(wide(x.at[i]) - sum)) * above);
        store(row + c, x);
    }
}

// AdamW on float weights whose rounded image the model computes with; the gradient is the image's. rate and decay are
// those of this step, shrink and root what the moments are divided by because they began at zero.

template <typename T, int N>
__device__ void adamw(T* image, float* weight, const T* gradient, float* first, float* second, long long count,
                      float factor, float rate, float decay, float shrink, float root)
{
    const long long step = static_cast<long long>(gridDim.x) * blockDim.x * N;
    for (long long at = (static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x) * N; at < count; at += step) {
        const Pack<T, N> g = load<T, N>(gradient + at);
        Pack<float, N> w = load<float, N>(weight + at);
        Pack<float, N> m = load<float, N>(first + at);
        Pack<float, N> v = load<float, N>(second + at);
        Pack<T, N> rounded;
        for (int i = 0; i < N; ++i) {
            const float slope = wide(g.at[i]) * factor;
            m.at[i] += (slope - m.at[i]) * 0.1F;
            v.at[i] = v.at[i] * 0.999F + slope * slope * 0.001F;
            w.at[i] = w.at[i] * (1 - rate * decay) - rate / shrink * m.at[i] / (sqrtf(v.at[i]) / root + 1e-8F);
            put(rounded.at[i], w.at[i]);
        }
        store(weight + at, w);
        store(first + at, m);
        store(second + at, v);
        store(image + at, rounded);
    }
}

#define SWIGLU_FORWARD(suffix, T, N)                                                                                   \
    extern "C" __global__ void swiglu_forward_##suffix(const T* gateUp, T* out, long long width)                       \
    {                                                                                                                  \
        swigluForward<T, N>(gateUp, out, width);                                                                       \
    }
GRADUS_VARIANTS(SWIGLU_FORWARD)

#define SWIGLU_BACKWARD(suffix, T, N)                                                                                  \
    extern "C" __global__ void swiglu_backward_##suffix(const T* gateUp, const T* upstream, T* byGateUp,               \
                                                        long long width)                                               \
    {                                                                                                                  \
        swigluBackward<T, N>(gateUp, upstream, byGateUp, width);                                                       \
    }
GRADUS_VARIANTS(SWIGLU_BACKWARD)

#define TURN_HEADS(suffix, T, N)                                                                                       \
    extern "C" __global__ void turn_heads_##suffix(T* packed, T* queries, T* keys, T* values, const T* cosine,         \
                                                   const T* sine, int queryHeads, int groups, int size,                \
                                                   long long period, float turn)                                       \
    {                                                                                                                  \
        turnHeads<T, N>({packed, queries, keys, values}, cosine, sine, queryHeads, groups, size, period, turn);        \
    }
GRADUS_VARIANTS(TURN_HEADS)

#define TOKEN_LOGS(suffix, T, N)                                                                                       \
    extern "C" __global__ void token_logs_##suffix(const T* logits, const long long* targets, float* logs,             \
                                                   float* sums, long long vocabulary)                                  \
    {                                                                                                                  \
        tokenLogs<T, N>(logits, targets, logs, sums, vocabulary);                                                      \
    }
GRADUS_VARIANTS(TOKEN_LOGS)

#define TOKEN_GRADIENT(suffix, T, N)                                                                                   \
    extern "C" __global__ void token_gradient_##suffix(T* logits, const long long* targets, const float* sums,         \
                                                       const float* upstream, long long vocabulary)                    \
    {                                                                                                                  \
        tokenGradient<T, N>(logits, targets, sums, upstream, vocabulary);                                              \
    }
GRADUS_VARIANTS(TOKEN_GRADIENT)

#define ADAMW(suffix, T, N)                                                                                            \
    extern "C" __global__ void adamw_##suffix(T* image, float* weight, const T* gradient, float* first,                \
                                              float* second, long long count, float factor, float rate, float decay,   \
                                              float shrink, float root)                                                \
    {                                                                                                                  \
        adamw<T, N>(image, weight, gradient, first, second, count, factor, rate, decay, shrink, root);                 \
    }
GRADUS_VARIANTS(ADAMW)
