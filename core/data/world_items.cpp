// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/world_items.h"

#include "base/hash.h"
#include "data/fingerprint.h"

#include <string>

namespace gradus::data {

namespace {

using Tokens = std::vector<std::int32_t>;

// Sides and generations come from different bits of one hash, so that a generation's share is the same on all sides.
constexpr std::uint64_t kSideSeed = 7;
constexpr std::uint64_t kSideParts = 100;
constexpr std::uint64_t kTestParts = 5;
constexpr std::uint64_t kPoolParts = 45;
constexpr std::uint64_t kTestSeed = 2503'07660; // one for all: every run is measured on the same items

std::uint64_t hashOf(std::span<const std::int32_t> tokens)
{
    std::string text;
    for (const std::int32_t token : tokens)
        text += static_cast<char>('a' + token);
    return splitHash(text, kSideSeed);
}

std::span<const std::int32_t> contentOf(const WorldDraw& world, const Tokens& tokens)
{
    return world.content != nullptr ? world.content(tokens) : std::span<const std::int32_t>(tokens);
}

std::vector<Tokens> sequencesOf(const WorldDraw& world, const Tokens& tokens)
{
    return world.sequences != nullptr ? world.sequences(tokens) : std::vector<Tokens>{tokens};
}

Rng testStream(const WorldDraw& world)
{
    return {kTestSeed, std::string(world.name) + "/test"};
}

class WorldTask final : public Task
{
public:
    WorldTask(const WorldDraw& world, const WorldShape& shape, int testItems)
        : m_world(world), m_shape(shape), m_testItems(testItems > 0 ? testItems : kWorldTestItems)
    {
    }

    Read read() const override { return m_shape.read; }
    int classes() const override { return m_shape.classes; }
    int vocabulary() const override { return m_shape.vocabulary; }
    int maxTokens() const override { return m_shape.tokens; }
    ItemSet pool(int generation, int count, std::uint64_t seed) const override
    {
        return worldPool(m_world, generation, count, seed);
    }
    ItemSet test() const override { return worldTest(m_world, m_testItems); }
    ItemSet anchors(int count, std::uint64_t seed) const override
    {
        return worldAnchors(m_world, count, m_testItems, seed);
    }
    std::vector<std::vector<std::int32_t>> pretrainingTexts() const override { return {}; }
    std::string note() const override { return {}; }
    Result<void> admits(const spec::Experiment& experiment) const override
    {
        if (auto fits = boundedByWorld("training.labels", experiment.training.labels); !fits) return fits;
        return boundedByWorld("training.teacher_labels", experiment.training.teacherLabels);
    }
    const Environment* environment() const override { return m_shape.environment; }
    int briefTokens() const override { return m_shape.briefTokens; }

private:
    const WorldDraw& m_world;
    WorldShape m_shape;
    int m_testItems;
};

} // namespace

Side sideOf(std::span<const std::int32_t> tokens)
{
    const std::uint64_t part = (hashOf(tokens) >> 32) % kSideParts;
    if (part < kTestParts) return Side::Test;
    return part < kTestParts + kPoolParts ? Side::Pool : Side::Pretraining;
}

int generationOf(std::span<const std::int32_t> tokens)
{
    return static_cast<int>((hashOf(tokens) & 0xFFFFFFFFU) % kWorldGenerations) + 1;
}

Result<void> boundedByWorld(const char* key, int count)
{
    if (count <= kMostWorldItems) return {};
    Error error = badInput(std::string(key) + " is " + std::to_string(count) +
                           ": the built-in world gives at most 100,000 items.");
    error.key = key;
    return error;
}

ItemSet distinctItems(const WorldDraw& world, int count, Rng rng, const std::function<bool(const Tokens&)>& wanted)
{
    ItemSet set;
    std::set<Tokens> seen;
    while (set.items.size() < static_cast<std::size_t>(std::clamp(count, 0, kMostWorldItems))) {
        const Tokens tokens = world.draw(rng);
        if (wanted(tokens) && seen.insert(tokens).second)
            set.items.push_back({.sequences = sequencesOf(world, tokens), .texts = {}, .truth = world.truth(tokens)});
    }
    set.fingerprint = fingerprintOf(set.items);
    return set;
}

ItemSet worldPool(const WorldDraw& world, int generation, int count, std::uint64_t seed)
{
    const int owner = (generation - 1) % kWorldGenerations + 1;
    return distinctItems(world, count > 0 ? count : kDefaultLabels,
                         Rng(seed, std::string(world.name) + "/pool/" + std::to_string(owner)),
                         [&world, owner](const Tokens& tokens) {
                             const auto content = contentOf(world, tokens);
                             return sideOf(content) == Side::Pool && generationOf(content) == owner;
                         });
}

ItemSet worldTest(const WorldDraw& world, int count)
{
    return distinctItems(world, count, testStream(world),
                         [&world](const Tokens& tokens) { return sideOf(contentOf(world, tokens)) == Side::Test; });
}

ItemSet worldAnchors(const WorldDraw& world, int count, int testItems, std::uint64_t seed)
{
    std::set<std::vector<Tokens>> tested;
    const ItemSet all = worldTest(world, testItems);
    for (const Item& item : all.items)
        tested.insert(item.sequences);
    return distinctItems(world, count, Rng(seed, std::string(world.name) + "/anchors"), [&](const Tokens& tokens) {
        return sideOf(contentOf(world, tokens)) == Side::Test && !tested.contains(sequencesOf(world, tokens));
    });
}

ItemSet worldGraded(const WorldDraw& world, int difficulty, int (*difficultyOf)(const Tokens&), int count)
{
    Rng stream(kTestSeed, std::string(world.name) + "/graded/" + std::to_string(difficulty));
    return distinctItems(world, count, stream, [&](const Tokens& tokens) {
        return difficultyOf(tokens) == difficulty && sideOf(contentOf(world, tokens)) == Side::Test;
    });
}

std::unique_ptr<Task> worldTask(const WorldDraw& world, const WorldShape& shape, int testItems)
{
    return std::make_unique<WorldTask>(world, shape, testItems);
}

} // namespace gradus::data
