// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/bpe_model.h"

#include "base/text.h"
#include "text/json_parts.h"
#include "text/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <queue>

namespace gradus::text {

namespace {

constexpr std::int64_t kMostTokens = 1 << 24;
constexpr std::size_t kShort = 48; ///< symbols up to which looking at all pairs beats a heap

std::string utf8Of(unsigned code) ///< below 0x800
{
    if (code < 0x80) return {static_cast<char>(code)};
    return {static_cast<char>(0xC0 | (code >> 6U)), static_cast<char>(0x80 | (code & 0x3FU))};
}

std::uint64_t keyOf(Id left, Id right)
{
    return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U) | static_cast<std::uint32_t>(right);
}

std::uint64_t mixed(std::uint64_t key)
{
    key *= 0x9E3779B97F4A7C15U;
    return key ^ (key >> 29U);
}

} // namespace

const std::array<std::string, 256>& byteStandIns()
{
    static const auto table = [] {
        std::array<std::string, 256> made;
        unsigned next = 256; // bytes that do not print get the characters from here on
        for (unsigned byte = 0; byte < 256; ++byte) {
            const bool prints = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
            made[byte] = utf8Of(prints ? byte : next++);
        }
        return made;
    }();
    return table;
}

std::optional<std::string> bytesOfStandIns(std::string_view token)
{
    static const auto reverse = [] {
        std::unordered_map<std::string, char> made;
        for (unsigned byte = 0; byte < 256; ++byte)
            made.emplace(byteStandIns()[byte], static_cast<char>(byte));
        return made;
    }();
    std::string bytes;
    while (!token.empty()) {
        const std::size_t length = std::min(characterLength(token.front()), token.size());
        const auto found = reverse.find(std::string(token.substr(0, length)));
        if (found == reverse.end()) return std::nullopt;
        bytes += found->second;
        token.remove_prefix(length);
    }
    return bytes;
}

std::string_view BpeModel::token(Id id) const
{
    return id >= 0 && id < size() ? std::string_view(m_tokens[static_cast<std::size_t>(id)]) : std::string_view();
}

std::string_view BpeModel::bytes(Id id) const
{
    if (!m_byteLevel) return token(id);
    return id >= 0 && id < size() ? std::string_view(m_bytes[static_cast<std::size_t>(id)]) : std::string_view();
}

std::optional<Id> BpeModel::idOf(std::string_view token) const
{
    const auto found = m_ids.find(token);
    return found == m_ids.end() ? std::nullopt : std::optional(found->second);
}

Result<void> BpeModel::readVocabulary(const nlohmann::json& json, const std::string& file)
{
    const auto vocabulary = json.find("vocab");
    if (vocabulary == json.end() || !vocabulary->is_object() || vocabulary->empty())
        return badInput(file + ": the model has no vocabulary; fetch the tokenizer again.");
    std::int64_t most = -1;
    for (const auto& [token, id] : vocabulary->items()) {
        if (!id.is_number_integer() || id < 0 || id >= kMostTokens)
            return badInput(file + ": the token " + visible(token, 40) +
                            " has no id from 0 to 16,777,215; fetch the tokenizer again.");
        most = std::max(most, id.get<std::int64_t>());
    }
    // A forged id must not allocate: holes may be as many as the tokens, and no more.
    if (most >= 2 * static_cast<std::int64_t>(vocabulary->size()) + 1024)
        return badInput(file + ": the vocabulary's ids have too many holes; fetch the tokenizer again.");
    m_tokens.resize(static_cast<std::size_t>(most) + 1);
    m_ids.reserve(vocabulary->size());
    for (const auto& [token, id] : vocabulary->items()) {
        std::string& place = m_tokens[id.get<std::size_t>()];
        if (!place.empty())
            return badInput(file + ": two tokens have the id " + std::to_string(id.get<std::size_t>()) +
                            "; fetch the tokenizer again.");
        place = token;
        m_ids.emplace(token, id.get<Id>());
    }
    m_byteIds.fill(-1);
    if (m_byteLevel) {
        m_bytes.resize(m_tokens.size());
        for (std::size_t i = 0; i < m_tokens.size(); ++i)
            m_bytes[i] = bytesOfStandIns(m_tokens[i]).value_or(m_tokens[i]);
        if (m_ignoreMerges)
            for (std::size_t i = 0; i < m_tokens.size(); ++i)
                if (!m_bytes[i].empty()) m_wholes.emplace(m_bytes[i], static_cast<Id>(i));
    } else if (m_ignoreMerges) {
        m_wholes = m_ids;
    }
    for (unsigned byte = 0; byte < 256; ++byte) {
        char fallback[8];
        std::snprintf(fallback, sizeof fallback, "<0x%02X>", byte);
        if (const auto id = idOf(m_byteLevel ? byteStandIns()[byte] : std::string(fallback))) m_byteIds[byte] = *id;
    }
    return {};
}

Result<void> BpeModel::readMerges(const nlohmann::json& json, const std::string& file)
{
    const auto merges = json.find("merges");
    if (merges == json.end() || !merges->is_array())
        return badInput(file + ": the model has no merges; fetch the tokenizer again.");
    m_merges.resize(std::bit_ceil(2 * merges->size() + 2));
    std::uint32_t rank = 0;
    for (const nlohmann::json& merge : *merges) {
        std::string left;
        std::string right;
        if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
            left = merge[0].get<std::string>();
            right = merge[1].get<std::string>();
        } else if (merge.is_string()) {
            const auto text = merge.get<std::string>();
            const std::size_t space = text.find(' ');
            left = text.substr(0, space);
            right = space == std::string::npos ? "" : text.substr(space + 1);
        }
        const auto leftId = idOf(left);
        const auto rightId = idOf(right);
        const auto merged = idOf(left + right);
        if (left.empty() || right.empty() || !leftId || !rightId || !merged)
            return badInput(file + ": merge " + std::to_string(rank + 1) +
                            " does not name two tokens whose union is a token; fetch the tokenizer again.");
        insert(*leftId, *rightId, rank++, *merged);
        if (right.starts_with(kSpaceMark) && !left.ends_with(kSpaceMark)) m_keepsApart = false;
    }
    return {};
}

Result<BpeModel> BpeModel::fromJson(const nlohmann::json& json, bool byteLevel, const std::string& file)
{
    const std::string type = json.is_object() && !json.contains("type") ? "BPE" : typeOf(json);
    if (type != "BPE") return unsupported(file, "model", type);
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"})
        if (json.contains(key) && !json[key].is_null() && json[key] != "") return unsupported(file, "option", key);
    if (json.contains("dropout") && !json["dropout"].is_null() && json["dropout"] != 0.0)
        return unsupported(file, "option", "dropout");
    BpeModel model;
    model.m_byteLevel = byteLevel;
    model.m_byteFallback = truthOf(json, "byte_fallback", false);
    model.m_fuseUnknown = truthOf(json, "fuse_unk", false);
    model.m_ignoreMerges = truthOf(json, "ignore_merges", false);
    if (auto read = model.readVocabulary(json, file); !read) return read.error();
    if (auto read = model.readMerges(json, file); !read) return read.error();
    if (json.contains("unk_token") && json["unk_token"].is_string()) {
        model.m_unknown = model.idOf(json["unk_token"].get<std::string>());
        if (!model.m_unknown)
            return badInput(file + ": the token for the unknown is not in the vocabulary; fetch the tokenizer again.");
    }
    return model;
}

const BpeModel::Slot* BpeModel::find(Id left, Id right) const
{
    const std::uint64_t key = keyOf(left, right);
    const std::size_t mask = m_merges.size() - 1;
    for (std::size_t at = mixed(key) & mask;; at = (at + 1) & mask) {
        if (m_merges[at].key == key) return &m_merges[at];
        if (m_merges[at].key == kEmpty) return nullptr;
    }
}

void BpeModel::insert(Id left, Id right, std::uint32_t rank, Id merged)
{
    const std::uint64_t key = keyOf(left, right);
    const std::size_t mask = m_merges.size() - 1;
    std::size_t at = mixed(key) & mask;
    while (m_merges[at].key != kEmpty && m_merges[at].key != key)
        at = (at + 1) & mask;
    m_merges[at] = {key, rank, merged}; // a repeated merge counts as its last, as in Hugging Face's reader
}

void BpeModel::unknown(std::string_view character, std::vector<Symbol>& symbols) const
{
    if (m_byteFallback) {
        const bool all =
            std::ranges::all_of(character, [&](char c) { return m_byteIds[static_cast<unsigned char>(c)] >= 0; });
        if (all) {
            for (const char c : character)
                symbols.push_back({m_byteIds[static_cast<unsigned char>(c)], 1});
            return;
        }
    }
    if (!m_unknown) { // nothing stands for it: its bytes go to the symbol before (split gives the first one those
                      // before it), so that offsets stay whole
        if (!symbols.empty()) symbols.back().bytes += static_cast<std::uint32_t>(character.size());
        return;
    }
    if (m_fuseUnknown && !symbols.empty() && symbols.back().id == *m_unknown)
        symbols.back().bytes += static_cast<std::uint32_t>(character.size());
    else
        symbols.push_back({*m_unknown, static_cast<std::uint32_t>(character.size())});
}

void BpeModel::split(std::string_view piece, std::vector<Symbol>& symbols) const
{
    std::size_t left = 0; // at the beginning, before there was a symbol to take them
    if (m_byteLevel) {
        for (const char c : piece) {
            const Id id = m_byteIds[static_cast<unsigned char>(c)];
            if (id >= 0)
                symbols.push_back({id, 1});
            else
                unknown({&c, 1}, symbols);
            if (symbols.empty()) ++left;
        }
        if (!symbols.empty()) symbols.front().bytes += static_cast<std::uint32_t>(left);
        return;
    }
    while (!piece.empty()) {
        const std::string_view character = piece.substr(0, std::min(characterLength(piece.front()), piece.size()));
        if (const auto found = m_ids.find(character); found != m_ids.end())
            symbols.push_back({found->second, static_cast<std::uint32_t>(character.size())});
        else
            unknown(character, symbols);
        if (symbols.empty()) left += character.size();
        piece.remove_prefix(character.size());
    }
    if (!symbols.empty()) symbols.front().bytes += static_cast<std::uint32_t>(left);
}

void BpeModel::mergeShort(std::vector<Symbol>& symbols, std::size_t begin) const
{
    // ranks[i]: of the pair (i, i + 1); the table is asked once a pair, not once a round.
    std::array<const Slot*, kShort> pairs{};
    std::size_t count = symbols.size() - begin;
    Symbol* first = symbols.data() + begin;
    for (std::size_t i = 0; i + 1 < count; ++i)
        pairs[i] = find(first[i].id, first[i + 1].id);
    while (count > 1) {
        std::size_t best = count;
        for (std::size_t i = 0; i + 1 < count; ++i)
            if (pairs[i] != nullptr && (best == count || pairs[i]->rank < pairs[best]->rank)) best = i;
        if (best == count) break;
        first[best] = {pairs[best]->merged, first[best].bytes + first[best + 1].bytes};
        --count;
        for (std::size_t i = best + 1; i < count; ++i) {
            first[i] = first[i + 1];
            pairs[i] = pairs[i + 1];
        }
        if (best > 0) pairs[best - 1] = find(first[best - 1].id, first[best].id);
        pairs[best] = best + 1 < count ? find(first[best].id, first[best + 1].id) : nullptr;
    }
    symbols.resize(begin + count);
}

void BpeModel::mergeLong(std::vector<Symbol>& symbols, std::size_t begin) const
{
    struct Node
    {
        Symbol symbol;
        std::int64_t before;
        std::int64_t after; ///< -1: none
        bool gone = false;
    };
    struct Candidate
    {
        std::uint32_t rank;
        std::int64_t left;
        Id leftId;
        Id rightId;
        Id merged;
        bool operator>(const Candidate& other) const
        {
            return rank != other.rank ? rank > other.rank : left > other.left;
        }
    };
    std::vector<Node> nodes;
    const auto count = static_cast<std::int64_t>(symbols.size() - begin);
    for (std::int64_t i = 0; i < count; ++i)
        nodes.push_back({symbols[begin + static_cast<std::size_t>(i)], i - 1, i + 1 < count ? i + 1 : -1});
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
    const auto at = [&](std::int64_t i) -> Node& { return nodes[static_cast<std::size_t>(i)]; };
    const auto offer = [&](std::int64_t left) {
        if (left < 0 || at(left).after < 0) return;
        const Id a = at(left).symbol.id;
        const Id b = at(at(left).after).symbol.id;
        if (const Slot* slot = find(a, b)) queue.push({slot->rank, left, a, b, slot->merged});
    };
    for (std::int64_t i = 0; i + 1 < count; ++i)
        offer(i);
    while (!queue.empty()) {
        const Candidate next = queue.top();
        queue.pop();
        Node& left = at(next.left);
        // An entry is stale when either side has merged in the meantime.
        if (left.gone || left.after < 0 || left.symbol.id != next.leftId || at(left.after).symbol.id != next.rightId)
            continue;
        Node& right = at(left.after);
        left.symbol = {next.merged, left.symbol.bytes + right.symbol.bytes};
        right.gone = true;
        left.after = right.after;
        if (right.after >= 0) at(right.after).before = next.left;
        offer(left.before);
        offer(next.left);
    }
    symbols.resize(begin);
    for (const Node& node : nodes)
        if (!node.gone) symbols.push_back(node.symbol);
}

void BpeModel::encode(std::string_view piece, std::vector<Symbol>& out) const
{
    if (m_ignoreMerges)
        if (const auto found = m_wholes.find(piece); found != m_wholes.end()) {
            out.push_back({found->second, static_cast<std::uint32_t>(piece.size())});
            return;
        }
    const std::size_t begin = out.size();
    std::vector<Symbol> symbols; // of this piece alone: unknown characters must not fuse over pieces
    split(piece, symbols);
    out.insert(out.end(), symbols.begin(), symbols.end());
    if (out.size() - begin <= kShort)
        mergeShort(out, begin);
    else
        mergeLong(out, begin);
}

} // namespace gradus::text
