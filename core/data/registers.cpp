// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/registers.h"

#include "base/rng.h"

#include <algorithm>
#include <string>

namespace gradus::data {

namespace registers {

std::int32_t after(const Program& program, int step, std::int32_t before)
{
    const auto at = 2 * static_cast<std::size_t>(step);
    const std::int32_t operand = program[at + 1];
    switch (program[at]) {
    case kAdd:
        return (before + operand) % kModulus;
    case kMultiply:
        return (before * operand) % kModulus;
    default:
        return std::max(before, operand);
    }
}

std::array<std::int32_t, kOperations> states(const Program& program)
{
    std::array<std::int32_t, kOperations> running{};
    std::int32_t state = program[1];
    for (int step = 1; step <= kOperations; ++step) {
        state = after(program, step, state);
        running[static_cast<std::size_t>(step) - 1] = state;
    }
    return running;
}

int difficulty(const Program& program)
{
    for (int operations = 1; operations <= kOperations; ++operations) {
        const auto first = static_cast<std::size_t>(kOperations - operations);
        bool fixed = true;
        std::int32_t reached = -1;
        for (std::int32_t before = 0; before < kModulus && fixed; ++before) {
            std::int32_t state = before;
            for (std::size_t i = first; i < kOperations; ++i)
                state = after(program, static_cast<int>(i) + 1, state);
            fixed = reached < 0 || state == reached;
            reached = state;
        }
        if (fixed) return operations;
    }
    return kHardest;
}

int truth(const Program& program)
{
    const std::int32_t last = states(program).back();
    return last == 2 || last == 5 || last == 6 ? 1 : 0;
}

Program draw(Rng& rng)
{
    Program program(kTokens);
    program[0] = kBegin;
    program[1] = static_cast<std::int32_t>(rng.below(kModulus));
    for (std::size_t i = 0; i < kOperations; ++i) {
        const auto operation = static_cast<std::int32_t>(kAdd + static_cast<std::int32_t>(rng.below(3)));
        program[2 + 2 * i] = operation;
        // Multiplying by 0 would throw the state away and make most of the program irrelevant.
        program[3 + 2 * i] = operation == kMultiply ? static_cast<std::int32_t>(1 + rng.below(kModulus - 1))
                                                    : static_cast<std::int32_t>(rng.below(kModulus));
    }
    return program;
}

} // namespace registers

namespace {

using namespace registers;

constexpr WorldDraw kWorld{"registers", registers::draw, registers::truth};

} // namespace

PretrainingBatch registersPretraining(std::uint64_t seed, std::int64_t step, int batch)
{
    Rng rng(seed, "registers/pretraining/" + std::to_string(step));
    PretrainingBatch drawn;
    while (drawn.inputs.size() < static_cast<std::size_t>(std::max(batch, 0))) {
        const Program program = registers::draw(rng);
        if (sideOf(program) != Side::Pretraining) continue;
        const auto running = states(program);
        std::vector<std::int32_t> targets(kTokens, -1);
        for (std::size_t i = 0; i < kOperations; ++i)
            targets[3 + 2 * i] = running[i];
        drawn.inputs.push_back(program);
        drawn.targets.push_back(std::move(targets));
    }
    return drawn;
}

ItemSet registersGraded(int difficulty, int count)
{
    return worldGraded(kWorld, difficulty, registers::difficulty, count);
}

std::unique_ptr<Task> registersTask(int testItems)
{
    return worldTask(kWorld, {.classes = 2, .vocabulary = kVocabulary, .tokens = kTokens}, testItems);
}

} // namespace gradus::data
