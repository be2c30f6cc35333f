// SPDX-License-Identifier: GPL-3.0-or-later
// Curves as they stand in experiment files.
#include "spec/values.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace gradus::spec {

namespace {

using schedule::Curve;
using schedule::Handle;
using schedule::Interpolation;
using schedule::Key;

constexpr std::size_t kMostKeys = 1000;
constexpr int kBoundSamples = 1025;

bool isNumber(const Node& node)
{
    return (node.kind == NodeKind::Number || node.kind == NodeKind::Integer) && std::isfinite(node.number);
}

bool isPair(const Node& node)
{
    return node.kind == NodeKind::List && node.items.size() == 2 && isNumber(node.items[0]) && isNumber(node.items[1]);
}

/// Reads one curve; every fault names the dotted key and the place.
class Reader final
{
public:
    explicit Reader(const KeyInfo& key) : m_key(key) {}

    Result<Curve> curve(const Node& value) const
    {
        if (value.kind != NodeKind::Table)
            return fault(value, std::string("is ") + nameOf(value.kind) + "; it takes " + acceptedText(m_key) + ".");
        for (const Member& member : value.members)
            if (member.key != "keys" && member.key != "interpolation")
                return unknown(member, {"keys", "interpolation"});
        Interpolation usual = Interpolation::Monotone;
        if (const Member* named = value.find("interpolation")) {
            auto read = interpolation(named->value);
            if (!read) return read.error();
            usual = *read;
        }
        const Member* keys = value.find("keys");
        if (!keys || keys->value.kind != NodeKind::List || keys->value.items.empty())
            return fault(keys ? keys->value : value,
                         "needs keys; give at least one, like keys = [[0.0, 0.3], [1.0, 0.9]].");
        if (keys->value.items.size() > kMostKeys) return fault(keys->value, "has more than 1000 keys; use fewer.");
        Curve curve;
        for (const Node& item : keys->value.items) {
            auto key = keyOf(item, usual);
            if (!key) return key.error();
            curve.keys.push_back(*key);
        }
        return checked(std::move(curve), keys->value);
    }

private:
    Error fault(const Node& at, const std::string& sentence) const
    {
        return errorAt(at.begin, m_key.dotted(), m_key.dotted() + " " + sentence);
    }

    Error unknown(const Member& member, const std::vector<std::string>& known) const
    {
        const auto near = nearestWord(member.key, known);
        return errorAt(member.place, m_key.dotted(),
                       m_key.dotted() + " has no \"" + visible(member.key, 60) + "\"; the nearest known name is \"" +
                           near.value_or(known.front()) + "\".");
    }

    Result<Interpolation> interpolation(const Node& node) const
    {
        if (node.kind != NodeKind::Text)
            return fault(node, "needs an interpolation in quotes: constant, linear, monotone or bezier.");
        auto read = schedule::interpolationFromName(node.text);
        if (!read) return fault(node, "cannot be read: " + read.error().message);
        return read;
    }

    Result<Handle> handle(const Node& node) const
    {
        if (!isPair(node)) return fault(node, "has a handle that is not two numbers; write it as [dx, dy].");
        return Handle{node.items[0].number + 0.0, node.items[1].number + 0.0};
    }

    Result<Key> keyOf(const Node& item, Interpolation usual) const
    {
        if (isPair(item))
            return Key{.x = item.items[0].number + 0.0, .y = item.items[1].number, .interpolation = usual};
        if (item.kind != NodeKind::Table)
            return fault(item, "has a key that is not two numbers; write it as [x, y] or { x = 0.5, y = 0.4 }.");
        Key key{.interpolation = usual};
        for (const Member& member : item.members) {
            if (member.key == "interpolation") {
                auto read = interpolation(member.value);
                if (!read) return read.error();
                key.interpolation = *read;
            } else if (member.key == "left" || member.key == "right") {
                auto read = handle(member.value);
                if (!read) return read.error();
                (member.key == "left" ? key.left : key.right) = *read;
            } else if (member.key != "x" && member.key != "y") {
                return unknown(member, {"x", "y", "interpolation", "left", "right"});
            }
        }
        const Member* x = item.find("x");
        const Member* y = item.find("y");
        if (!x || !y || !isNumber(x->value) || !isNumber(y->value))
            return fault(item, "has a key without its two numbers; give it x and y.");
        key.x = x->value.number + 0.0;
        key.y = y->value.number;
        return key;
    }

    Result<Curve> checked(Curve curve, const Node& keys) const
    {
        for (std::size_t i = 0; i < curve.keys.size(); ++i) {
            const Key& key = curve.keys[i];
            if (key.x < 0 || key.x > 1)
                return fault(keys.items[i],
                             "has a key at " + numberText(key.x) + "; positions are fractions from 0 to 1.");
            if (!inBounds(key.y))
                return fault(keys.items[i],
                             "has the value " + numberText(key.y) + "; use " + acceptedText(m_key) + ".");
        }
        if (auto valid = schedule::validate(curve); !valid)
            return fault(keys, "cannot be used: " + valid.error().message);
        // Handles can carry a Bezier beyond its keys.
        const auto samples = schedule::Evaluator(curve).sample(0, 1, kBoundSamples);
        const auto outside = std::find_if(samples.begin(), samples.end(), [this](double y) { return !inBounds(y); });
        if (outside != samples.end())
            return fault(keys, "swings to " + numberText(*outside) + " near " +
                                   numberText(static_cast<double>(outside - samples.begin()) / (kBoundSamples - 1)) +
                                   "; shorten the handles there.");
        return curve;
    }

    bool inBounds(double y) const { return y <= m_key.most && (m_key.aboveLeast ? y > m_key.least : y >= m_key.least); }

    const KeyInfo& m_key;
};

std::string pairText(double a, double b)
{
    return "[" + floatText(a) + ", " + floatText(b) + "]";
}

std::string keyText(const Key& key, Interpolation usual)
{
    if (key.interpolation == usual && key.left == Handle{} && key.right == Handle{}) return pairText(key.x, key.y);
    std::string text = "{ x = " + floatText(key.x) + ", y = " + floatText(key.y);
    if (key.interpolation != usual) text += ", interpolation = " + tomlString(nameOf(key.interpolation));
    if (key.left != Handle{}) text += ", left = " + pairText(key.left.dx, key.left.dy);
    if (key.right != Handle{}) text += ", right = " + pairText(key.right.dx, key.right.dy);
    return text + " }";
}

} // namespace

Result<schedule::Curve> curveFrom(const KeyInfo& key, const Node& value)
{
    return Reader(key).curve(value);
}

std::string curveToml(const schedule::Curve& curve)
{
    const Interpolation usual = curve.keys.empty() ? Interpolation::Monotone : curve.keys.front().interpolation;
    std::string keys;
    for (const Key& key : curve.keys)
        keys += (keys.empty() ? "" : ", ") + keyText(key, usual);
    return "{ keys = [" + keys + "], interpolation = " + tomlString(nameOf(usual)) + " }";
}

} // namespace gradus::spec
