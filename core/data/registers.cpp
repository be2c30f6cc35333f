// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/registers.h"

#include "base/hash.h"
#include "base/rng.h"
#include "data/fingerprint.h"

#include <algorithm>
#include <set>

namespace gradus::data {

namespace registers {

namespace {

// Sides and generations come from different bits of one hash, so that a generation's share is the same on all sides.
constexpr std::uint64_t kSideSeed = 7;
constexpr std::uint64_t kSideParts = 100;
constexpr std::uint64_t kTestParts = 5;
constexpr std::uint64_t kPoolParts = 45;

std::uint64_t hashOf(const Program& program)
{
    std::string text;
    for (const std::int32_t token : program)
        text += static_cast<char>('a' + token);
    return splitHash(text, kSideSeed);
}

} // namespace

std::array<std::int32_t, kOperations> states(const Program& program)
{
    std::array<std::int32_t, kOperations> running{};
    std::int32_t state = program[1];
    for (std::size_t i = 0; i < kOperations; ++i) {
        const std::int32_t operation = program[2 + 2 * i];
        const std::int32_t operand = program[3 + 2 * i];
        if (operation == kAdd)
            state = (state + operand) % kModulus;
        else if (operation == kMultiply)
            state = (state * operand) % kModulus;
        else
            state = std::max(state, operand);
        running[i] = state;
    }
    return running;
}

int truth(const Program& program)
{
    const std::int32_t last = states(program).back();
    return last == 2 || last == 5 || last == 6 ? 1 : 0;
}

Side sideOf(const Program& program)
{
    const std::uint64_t part = (hashOf(program) >> 32) % kSideParts;
    if (part < kTestParts) return Side::Test;
    return part < kTestParts + kPoolParts ? Side::Pool : Side::Pretraining;
}

int generationOf(const Program& program)
{
    return static_cast<int>((hashOf(program) & 0xFFFFFFFFU) % kGenerations) + 1;
}

} // namespace registers

namespace {

using namespace registers;

Program draw(Rng& rng)
{
    Program program{};
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

Item itemOf(const Program& program)
{
    return {.sequences = {{program.begin(), program.end()}}, .texts = {}, .truth = truth(program)};
}

template <typename Wanted>
ItemSet distinctItems(int count, Rng rng, const Wanted& wanted)
{
    ItemSet set;
    std::set<Program> seen;
    while (set.items.size() < static_cast<std::size_t>(std::clamp(count, 0, kMostItems))) {
        const Program program = draw(rng);
        if (wanted(program) && seen.insert(program).second) set.items.push_back(itemOf(program));
    }
    set.fingerprint = fingerprintOf(set.items);
    return set;
}

class RegistersTask final : public Task
{
public:
    explicit RegistersTask(int testItems) : m_testItems(testItems) {}

    Read read() const override { return Read::Classify; }
    int classes() const override { return 2; }
    int vocabulary() const override { return kVocabulary; }
    int maxTokens() const override { return kTokens; }

    ItemSet pool(int generation, int count, std::uint64_t seed) const override
    {
        const int owner = (generation - 1) % kGenerations + 1;
        return distinctItems(count > 0 ? count : kDefaultLabels, Rng(seed, "registers/pool/" + std::to_string(owner)),
                             [owner](const Program& program) {
                                 return sideOf(program) == Side::Pool && generationOf(program) == owner;
                             });
    }

    ItemSet test() const override
    {
        // One seed for all: every run of every experiment is measured on the same items.
        return distinctItems(m_testItems, Rng(2503'07660, "registers/test"),
                             [](const Program& program) { return sideOf(program) == Side::Test; });
    }

    std::vector<std::vector<std::int32_t>> pretrainingTexts() const override { return {}; }
    std::string note() const override { return {}; }

private:
    int m_testItems;
};

} // namespace

PretrainingBatch registersPretraining(std::uint64_t seed, std::int64_t step, int batch)
{
    Rng rng(seed, "registers/pretraining/" + std::to_string(step));
    PretrainingBatch drawn;
    while (drawn.inputs.size() < static_cast<std::size_t>(std::max(batch, 0))) {
        const Program program = draw(rng);
        if (sideOf(program) != Side::Pretraining) continue;
        const auto running = states(program);
        std::vector<std::int32_t> targets(kTokens, -1);
        for (std::size_t i = 0; i < kOperations; ++i)
            targets[3 + 2 * i] = running[i];
        drawn.inputs.emplace_back(program.begin(), program.end());
        drawn.targets.push_back(std::move(targets));
    }
    return drawn;
}

std::unique_ptr<Task> registersTask(int testItems)
{
    return std::make_unique<RegistersTask>(testItems > 0 ? testItems : kTestItems);
}

} // namespace gradus::data
