// SPDX-License-Identifier: GPL-3.0-or-later
// The GPU's kernels, compiled here for the CPU: one thread to a block, blocks one after another. Each is held against
// libtorch's operators, forward and back, in float and bfloat16, for widths that are a whole number of packs and not.
// What a GPU adds (many threads to a block) is tried by tests/bench/gpu_parity.py.
#include "base/rng.h"
#include "support/suite.h"

#include <QTest>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/logsumexp.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/zeros.h>

#include <bit>
#include <cmath>
#include <math.h>

// NOLINTBEGIN: the language of the device, as far as the kernels speak it.
namespace device {

struct Place
{
    unsigned x = 0;
};
Place blockIdx;
Place threadIdx;
Place blockDim{1};
Place gridDim{1};

float __uint_as_float(unsigned bits)
{
    return std::bit_cast<float>(bits);
}
unsigned __float_as_uint(float number)
{
    return std::bit_cast<unsigned>(number);
}
float __expf(float x)
{
    return std::exp(x);
}
void __syncthreads() {}
using ::fmaxf;
using ::logf;
using ::sqrtf;

#define __device__
#define __global__
#define __shared__ static
#include "models/fused_kernels.cu"
#undef __device__
#undef __global__
#undef __shared__

} // namespace device
// NOLINTEND

using namespace gradus;

namespace {

constexpr double kFloat = 2e-6;
constexpr double kBrain = 1.0 / 128; ///< one rounding to 8 bits, of numbers of size 1 to 4

at::Tensor drawn(std::int64_t rows, std::int64_t columns, const char* name, at::ScalarType type)
{
    Rng rng(11, name);
    at::Tensor made = at::empty({rows, columns});
    for (std::int64_t i = 0; i < made.numel(); ++i)
        made.data_ptr<float>()[i] = static_cast<float>(rng.normal());
    return made.to(type);
}

double apart(const at::Tensor& one, const at::Tensor& other)
{
    return (one.to(at::kFloat) - other.to(at::kFloat)).abs().max().item<double>();
}

template <typename T>
T* dataOf(const at::Tensor& tensor)
{
    return static_cast<T*>(tensor.data_ptr());
}

/// Runs a kernel for every row.
template <typename Kernel>
void rows(std::int64_t count, const Kernel& kernel)
{
    for (std::int64_t row = 0; row < count; ++row) {
        device::blockIdx.x = static_cast<unsigned>(row);
        kernel();
    }
    device::blockIdx.x = 0;
}

const long long* targetsOf(const at::Tensor& targets)
{
    return reinterpret_cast<const long long*>(targets.const_data_ptr<std::int64_t>());
}

template <typename T, int N>
void checkSwiglu(at::ScalarType type, std::int64_t width, double most)
{
    const at::Tensor gateUp = drawn(5, 2 * width, "gateUp", type);
    const at::Tensor above = drawn(5, width, "above", type);
    const at::Tensor out = at::empty({5, width}, at::TensorOptions(type));
    const at::Tensor by = at::empty_like(gateUp);
    rows(5, [&] {
        device::swigluForward<T, N>(dataOf<T>(gateUp), dataOf<T>(out), width);
        device::swigluBackward<T, N>(dataOf<T>(gateUp), dataOf<T>(above), dataOf<T>(by), width);
    });
    const at::Tensor wide = gateUp.to(at::kFloat).set_requires_grad(true);
    const at::Tensor expected = at::silu(wide.narrow(1, 0, width)) * wide.narrow(1, width, width);
    (expected * above.to(at::kFloat)).sum().backward();
    QVERIFY2(apart(out, expected.detach()) < most * 4, qPrintable(QString::number(apart(out, expected.detach()))));
    QVERIFY2(apart(by, wide.grad()) < most * 4, qPrintable(QString::number(apart(by, wide.grad()))));
}

template <typename T, int N>
void checkHeads(at::ScalarType type, std::int64_t pairs, double most)
{
    constexpr int kHeads = 3;
    constexpr int kGroups = 1;
    const std::int64_t positions = 6;
    const std::int64_t period = 3;
    const int size = static_cast<int>(2 * pairs);
    const at::Tensor packed = drawn(positions, (kHeads + 2 * kGroups) * size, "packed", type);
    const at::Tensor angles = drawn(period, pairs, "angles", at::kFloat);
    const at::Tensor cosine = angles.cos().to(type);
    const at::Tensor sine = angles.sin().to(type);
    const auto options = at::TensorOptions(type);
    const at::Tensor q = at::empty({positions, kHeads, size}, options);
    const at::Tensor k = at::empty({positions, kGroups, size}, options);
    const at::Tensor v = at::empty({positions, kGroups, size}, options);
    const at::Tensor back = at::empty_like(packed);
    rows(positions, [&] {
        const device::Heads<T> there{dataOf<T>(packed), dataOf<T>(q), dataOf<T>(k), dataOf<T>(v)};
        device::turnHeads<T, N>(there, dataOf<T>(cosine), dataOf<T>(sine), kHeads, kGroups, size, period, 1);
        const device::Heads<T> again{dataOf<T>(back), dataOf<T>(q), dataOf<T>(k), dataOf<T>(v)};
        device::turnHeads<T, N>(again, dataOf<T>(cosine), dataOf<T>(sine), kHeads, kGroups, size, period, -1);
    });
    const at::Tensor all = packed.to(at::kFloat).view({positions, kHeads + 2 * kGroups, size});
    const auto turned = [&](std::int64_t from, std::int64_t count) {
        const at::Tensor part = all.narrow(1, from, count);
        const at::Tensor first = part.narrow(2, 0, pairs);
        const at::Tensor second = part.narrow(2, pairs, pairs);
        const at::Tensor c = cosine.to(at::kFloat).repeat({positions / period, 1}).unsqueeze(1);
        const at::Tensor s = sine.to(at::kFloat).repeat({positions / period, 1}).unsqueeze(1);
        return at::cat({first * c - second * s, second * c + first * s}, 2);
    };
    QVERIFY(apart(q, turned(0, kHeads)) < most * 4);
    QVERIFY(apart(k, turned(kHeads, kGroups)) < most * 4);
    QVERIFY(v.equal(packed.view(all.sizes()).narrow(1, kHeads + kGroups, kGroups)));
    // A turn there and back is none; the tables' own rounding makes it so nearly.
    QVERIFY2(apart(back, packed) < most * 16, qPrintable(QString::number(apart(back, packed))));
}

template <typename T, int N>
void checkLogs(at::ScalarType type, std::int64_t vocabulary, double most)
{
    const at::Tensor logits = drawn(4, vocabulary, "logits", type).mul(3);
    Rng rng(3, "targets");
    at::Tensor targets = at::empty({4}, at::kLong);
    for (int i = 0; i < 4; ++i)
        targets.data_ptr<std::int64_t>()[i] =
            static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(vocabulary)));
    const at::Tensor above = drawn(4, 1, "above", at::kFloat).view({4});
    const at::Tensor wide = logits.to(at::kFloat).set_requires_grad(true);
    const at::Tensor logs = at::empty({4});
    const at::Tensor sums = at::empty({4});
    at::Tensor own = logits.clone();
    rows(4, [&] {
        device::tokenLogs<T, N>(dataOf<T>(own), targetsOf(targets), dataOf<float>(logs), dataOf<float>(sums),
                                vocabulary);
        device::tokenGradient<T, N>(dataOf<T>(own), targetsOf(targets), dataOf<float>(sums), dataOf<float>(above),
                                    vocabulary);
    });
    const at::Tensor expected = at::log_softmax(wide, 1).gather(1, targets.unsqueeze(1)).squeeze(1);
    (expected * above).sum().backward();
    QVERIFY2(apart(logs, expected.detach()) < 1e-5, qPrintable(QString::number(apart(logs, expected.detach()))));
    QVERIFY(apart(sums, at::logsumexp(wide.detach(), {1})) < 1e-5);
    QVERIFY2(apart(own, wide.grad()) < most * 2, qPrintable(QString::number(apart(own, wide.grad()))));
}

template <typename T, int N>
void checkAdamw(at::ScalarType type, std::int64_t count)
{
    const at::Tensor weight = drawn(1, count, "weight", at::kFloat);
    const at::Tensor image = weight.to(type, false, true);
    const at::Tensor first = at::zeros({1, count});
    const at::Tensor second = at::zeros({1, count});
    at::Tensor w = weight.clone();
    at::Tensor m = at::zeros({1, count});
    at::Tensor v = at::zeros({1, count});
    for (int step = 1; step <= 3; ++step) {
        const at::Tensor gradient = drawn(1, count, step == 2 ? "second" : "first", type);
        const double shrink = 1 - std::pow(0.9, step);
        const double root = std::sqrt(1 - std::pow(0.999, step));
        device::adamw<T, N>(dataOf<T>(image), dataOf<float>(weight), dataOf<T>(gradient), dataOf<float>(first),
                            dataOf<float>(second), count, 0.5F, 1e-2F, 0.1F, static_cast<float>(shrink),
                            static_cast<float>(root));
        const at::Tensor slope = gradient.to(at::kFloat) * 0.5;
        m = m * 0.9 + slope * 0.1;
        v = v * 0.999 + slope * slope * 0.001;
        w = w * (1 - 1e-2 * 0.1) - m * (1e-2 / shrink) / (v.sqrt() / root + 1e-8);
    }
    QVERIFY2(apart(weight, w) < 1e-6, qPrintable(QString::number(apart(weight, w))));
    QVERIFY(apart(first, m) < 1e-6 && apart(second, v) < 1e-6);
    QVERIFY(image.equal(weight.to(type)));
}

} // namespace

class FusedKernelsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void swigluIsSiluTimesUpAndItsGradient()
    {
        checkSwiglu<float, 4>(at::kFloat, 24, kFloat);
        checkSwiglu<float, 1>(at::kFloat, 23, kFloat);
        checkSwiglu<device::Brain16, 8>(at::kBFloat16, 24, kBrain);
        checkSwiglu<device::Brain16, 1>(at::kBFloat16, 21, kBrain);
    }

    void headsAreTurnedApartAndBack()
    {
        checkHeads<float, 4>(at::kFloat, 8, kFloat);
        checkHeads<float, 1>(at::kFloat, 3, kFloat);
        checkHeads<device::Brain16, 8>(at::kBFloat16, 16, kBrain);
        checkHeads<device::Brain16, 1>(at::kBFloat16, 5, kBrain);
    }

    void logsOfTokensAndTheirGradient()
    {
        checkLogs<float, 4>(at::kFloat, 64, kFloat);
        checkLogs<float, 1>(at::kFloat, 61, kFloat);
        checkLogs<device::Brain16, 8>(at::kBFloat16, 64, kBrain);
        checkLogs<device::Brain16, 1>(at::kBFloat16, 61, kBrain);
    }

    void adamwStepsAndRoundsTheImage()
    {
        checkAdamw<float, 4>(at::kFloat, 40);
        checkAdamw<device::Brain16, 8>(at::kBFloat16, 40);
        checkAdamw<device::Brain16, 1>(at::kBFloat16, 37);
    }

    void roundingIsToTheNearestEvenAndKeepsNotANumber()
    {
        Rng rng(5, "rounding");
        for (int i = 0; i < 20000; ++i) {
            const auto bits = static_cast<unsigned>(rng.below(std::uint64_t{1} << 32));
            const auto number = std::bit_cast<float>(bits);
            device::Brain16 rounded{};
            device::put(rounded, number);
            const at::Tensor expected = at::empty({1}).fill_(number).to(at::kBFloat16);
            if (std::isnan(number))
                QVERIFY(std::isnan(device::wide(rounded)));
            else
                QCOMPARE(device::wide(rounded), expected.to(at::kFloat).item<float>());
        }
    }
};

GRADUS_SUITE(FusedKernelsTest)
#include "fused_kernels_test.moc"
