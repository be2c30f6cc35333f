// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/curve_bounds.h"

#include "spec/drawn.h"
#include "spec/values.h"

#include <algorithm>
#include <utility>

namespace gradus::spec {

namespace {

constexpr double kAboveLeast = 1e-9;
constexpr double kAnything = 1e100; ///< beyond it a curve cannot be evaluated
constexpr int kHalvings = 20;

bool isCurve(const KeyInfo& key)
{
    Experiment any;
    const Field field = key.field(any);
    return key.drawable || std::holds_alternative<schedule::Curve*>(field) ||
           std::holds_alternative<TextOrCurve>(field);
}

const Node* valueOf(const Node& root, const KeyInfo& key)
{
    const Member* section = root.find(key.section);
    const Member* value = section ? section->value.find(key.key) : nullptr;
    return value ? &value->value : nullptr;
}

/// The text with this curve, if it is in bounds there.
std::optional<std::string> written(const std::string& toml, const KeyInfo& key, const schedule::Curve& curve)
{
    const std::string value = key.drawable ? drawnToml(key, curve) : curveToml(curve);
    const auto node = parseTomlValue(value);
    if (!node || (node->kind == NodeKind::Table && !curveFrom(key, *node))) return std::nullopt;
    auto text = editToml(toml, key.dotted(), value);
    return text ? std::optional(std::move(*text)) : std::nullopt;
}

} // namespace

double leastOf(const KeyInfo& key)
{
    return key.aboveLeast ? key.least + kAboveLeast : key.least;
}

std::optional<CurveBeyond> curveBeyond(const std::string& toml, const std::string& dotted)
{
    const KeyInfo* key = findKey(dotted);
    const auto root = parseToml(toml);
    const Node* value = key && root && isCurve(*key) ? valueOf(*root, *key) : nullptr;
    if (!value || value->kind != NodeKind::Table || curveFrom(*key, *value)) return std::nullopt;
    KeyInfo anything = *key;
    anything.least = -kAnything;
    anything.most = kAnything;
    const auto drawn = curveFrom(anything, *value);
    if (!drawn) return std::nullopt; // something else is wrong with it
    CurveBeyond beyond{.key = dotted, .drawn = *drawn, .outside = {}, .mended = {}};
    schedule::Curve inside = *drawn;
    for (std::size_t i = 0; i < inside.keys.size(); ++i) {
        const double kept = std::clamp(inside.keys[i].y, leastOf(*key), key->most);
        if (kept != inside.keys[i].y) beyond.outside.push_back(static_cast<int>(i));
        inside.keys[i].y = kept;
    }
    // Level handles keep a curve between its keys, so that this ends.
    for (int i = 0; i <= kHalvings; ++i) {
        if (auto text = written(toml, *key, inside)) {
            beyond.mended = std::move(*text);
            return beyond;
        }
        for (schedule::Key& at : inside.keys)
            for (schedule::Handle* handle : {&at.left, &at.right})
                handle->dy = i + 1 < kHalvings ? handle->dy / 2 : 0;
    }
    return std::nullopt;
}

} // namespace gradus::spec
