// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/tokenizer.h"

#include "base/files.h"
#include "base/text.h"
#include "text/added_tokens.h"
#include "text/decoder.h"
#include "text/json_parts.h"
#include "text/normaliser.h"
#include "text/pre_tokenizer.h"
#include "text/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gradus::text {

namespace {

constexpr std::size_t kLongestCached = 64;
constexpr std::size_t kMostCached = 1 << 16;
constexpr Id kMostIds = 1 << 24;

/// Ids around a single text.
struct Frame
{
    std::vector<Id> before;
    std::vector<Id> after;
};

Result<void> readTemplate(const nlohmann::json& json, const std::string& file, Frame& frame)
{
    bool seen = false;
    for (const nlohmann::json& part : partsOf(json, "single")) {
        if (part.contains("Sequence")) {
            seen = true;
            continue;
        }
        const auto name = part.contains("SpecialToken")
                              ? textOf(part["SpecialToken"], "id", file)
                              : Result<std::string>(unsupported(file, "post-processor", "TemplateProcessing"));
        if (!name) return name.error();
        const auto known = json.find("special_tokens");
        if (known == json.end() || !known->contains(*name) || !(*known)[*name].contains("ids"))
            return badInput(file + ": the post-processor names a token without ids; fetch the tokenizer again.");
        for (const nlohmann::json& id : (*known)[*name]["ids"]) {
            if (!id.is_number_integer() || id < 0 || id >= kMostIds)
                return badInput(file + ": the post-processor has an id that is none; fetch the tokenizer again.");
            (seen ? frame.after : frame.before).push_back(id.get<Id>());
        }
    }
    return {};
}

Result<void> readFrame(const nlohmann::json& json, const std::string& file, int depth, Frame& frame)
{
    if (json.is_null()) return {};
    const std::string type = typeOf(json);
    if (type == "ByteLevel") return {}; // it only trims offsets
    if (type == "TemplateProcessing") return readTemplate(json, file, frame);
    if (type != "Sequence" || depth >= kDeepest) return unsupported(file, "post-processor", type);
    for (const nlohmann::json& part : partsOf(json, "processors"))
        if (auto read = readFrame(part, file, depth + 1, frame); !read) return read;
    return {};
}

/// A token's text, written as a string or as an object with "content".
std::string roleOf(const nlohmann::json& config, const char* role)
{
    const auto found = config.find(role);
    if (found == config.end()) return "";
    if (found->is_string()) return found->get<std::string>();
    return found->is_object() && found->contains("content") && (*found)["content"].is_string()
               ? (*found)["content"].get<std::string>()
               : "";
}

struct IdSink
{
    static constexpr bool kRanges = false;
    std::vector<Id> ids;
    void add(Id id, Range) { ids.push_back(id); }
    void add(Id id, const AlignedText&, std::size_t, std::size_t) { ids.push_back(id); }
};

struct RangeSink
{
    static constexpr bool kRanges = true;
    Encoding encoding;
    void add(Id id, Range range)
    {
        encoding.ids.push_back(id);
        encoding.ranges.push_back(range);
    }
    void add(Id id, const AlignedText& part, std::size_t begin, std::size_t end) { add(id, part.origin(begin, end)); }
};

/// Cuts pieces before every mark that follows something else.
void cutAtMarks(std::string_view text, Pieces& pieces, Pieces& scratch)
{
    scratch.clear();
    for (const auto& [begin, end] : pieces) {
        std::size_t from = begin;
        for (std::size_t mark = text.find(kSpaceMark, begin + 1); mark != std::string_view::npos && mark < end;
             mark = text.find(kSpaceMark, mark + kSpaceMark.size())) {
            if (text.substr(from, mark - from).ends_with(kSpaceMark)) continue;
            scratch.emplace_back(from, mark);
            from = mark;
        }
        scratch.emplace_back(from, end);
    }
    pieces.swap(scratch);
}

} // namespace

struct Tokenizer::Shared
{
    AddedTokens added;
    Normaliser normaliser;
    PreTokenizer preTokenizer;
    BpeModel model;
    TokenDecoder decoder;
    Frame frame;
    SpecialTokens specials;
    std::string chatTemplate;
    int vocabulary = 0;
    bool cutsAtMarks = false; ///< no merge joins a word and the mark after it, so words can be merged on their own
};

struct Tokenizer::Cache
{
    struct TextHash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    std::unordered_map<std::string, std::vector<Symbol>, TextHash, std::equal_to<>> pieces;
    std::vector<Symbol> symbols;
    Pieces cut;
    Pieces scratch;
    std::vector<Stretch> outer;
    std::vector<Stretch> inner;
};

Tokenizer::Tokenizer(std::shared_ptr<Shared> shared) : m_shared(std::move(shared)), m_cache(std::make_unique<Cache>())
{
}
Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(const Tokenizer& other) : m_shared(other.m_shared), m_cache(std::make_unique<Cache>()) {}
Tokenizer& Tokenizer::operator=(const Tokenizer& other)
{
    m_shared = other.m_shared;
    m_cache = std::make_unique<Cache>();
    return *this;
}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;

Result<Tokenizer> Tokenizer::fromJson(std::string_view text, const std::string& named)
{
    const std::string file = visible(named, 400);
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("model"))
        return badInput(file + " is not a tokenizer.json; fetch the tokenizer again.");
    const auto part = [&](const char* key) { return json.contains(key) ? json[key] : nlohmann::json(); };
    auto added = AddedTokens::fromJson(part("added_tokens"), file);
    if (!added) return added.error();
    auto normaliser = Normaliser::fromJson(part("normalizer"), file);
    if (!normaliser) return normaliser.error();
    auto preTokenizer = PreTokenizer::fromJson(part("pre_tokenizer"), file);
    if (!preTokenizer) return preTokenizer.error();
    auto model = BpeModel::fromJson(json["model"], preTokenizer->byteLevel(), file);
    if (!model) return model.error();
    auto decoder = TokenDecoder::fromJson(part("decoder"), file);
    if (!decoder) return decoder.error();
    Frame frame;
    try {
        if (auto read = readFrame(part("post_processor"), file, 0, frame); !read) return read.error();
    } catch (const nlohmann::json::exception&) {
        return badInput(file + ": the post-processor has a value of the wrong kind; fetch the tokenizer again.");
    }
    auto shared = std::make_shared<Shared>(Shared{std::move(*added),
                                                  std::move(*normaliser),
                                                  std::move(*preTokenizer),
                                                  std::move(*model),
                                                  std::move(*decoder),
                                                  std::move(frame),
                                                  {},
                                                  {},
                                                  0,
                                                  false});
    shared->cutsAtMarks = shared->model.keepsApartAtMarks();
    shared->vocabulary = shared->model.size();
    for (const AddedToken& token : shared->added.all())
        shared->vocabulary = std::max(shared->vocabulary, token.id + 1);
    for (const auto* ids : {&shared->frame.before, &shared->frame.after})
        for (const Id id : *ids)
            if (id >= shared->vocabulary)
                return badInput(file + ": the post-processor puts the id " + std::to_string(id) +
                                " around texts, which no token has; fetch the tokenizer again.");
    return Tokenizer(std::move(shared));
}

Result<Tokenizer> Tokenizer::open(const std::filesystem::path& path)
{
    std::error_code ignored;
    const bool folder = std::filesystem::is_directory(path, ignored);
    const auto file = folder ? path / "tokenizer.json" : path;
    if (folder && !std::filesystem::exists(file, ignored))
        return badInput(visible(path.string(), 400) +
                        " has no tokenizer.json; save the model with its fast tokenizer.");
    const auto text = readFile(file);
    if (!text) return text.error();
    auto tokenizer = fromJson(*text, file.string());
    const auto configFile = file.parent_path() / "tokenizer_config.json";
    if (!tokenizer || !std::filesystem::exists(configFile, ignored)) return tokenizer;
    const auto configText = readFile(configFile);
    if (!configText) return configText.error();
    const nlohmann::json config = nlohmann::json::parse(*configText, nullptr, false);
    if (!config.is_object())
        return badInput(visible(configFile.string(), 400) + " is not a JSON object; fetch the tokenizer again.");
    auto shared = std::make_shared<Shared>(*tokenizer->m_shared);
    shared->specials = {roleOf(config, "bos_token"), roleOf(config, "eos_token"), roleOf(config, "pad_token"),
                        roleOf(config, "unk_token")};
    shared->chatTemplate = roleOf(config, "chat_template");
    return Tokenizer(std::move(shared));
}

template <typename Sink>
void Tokenizer::run(std::string_view text, const EncodeOptions& options, Sink& sink) const
{
    std::string repaired;
    if (!isUtf8(text)) text = repaired = repairedUtf8(text);
    Cache& cache = *m_cache;
    if (cache.pieces.size() > kMostCached) cache.pieces.clear();
    if (options.addSpecialTokens)
        for (const Id id : m_shared->frame.before)
            sink.add(id, Range{0, 0});
    const auto words = [&](AlignedText& part, bool first) {
        m_shared->preTokenizer.apply(part, first, cache.cut);
        const std::string_view bytes = part.bytes();
        if (m_shared->cutsAtMarks) cutAtMarks(bytes, cache.cut, cache.scratch);
        for (const auto& [begin, end] : cache.cut) {
            const std::string_view piece = bytes.substr(begin, end - begin);
            const std::vector<Symbol>* symbols = &cache.symbols;
            const auto known = piece.size() <= kLongestCached ? cache.pieces.find(piece) : cache.pieces.end();
            if (known != cache.pieces.end()) {
                symbols = &known->second;
            } else {
                cache.symbols.clear();
                m_shared->model.encode(piece, cache.symbols);
                if (piece.size() <= kLongestCached) cache.pieces.emplace(piece, cache.symbols);
            }
            std::size_t at = begin;
            for (const Symbol& symbol : *symbols) {
                sink.add(symbol.id, part, at, at + symbol.bytes);
                at += symbol.bytes;
            }
        }
    };
    cache.outer.clear();
    m_shared->added.cut(text, false, options.parseSpecialTokens, cache.outer);
    for (const Stretch& stretch : cache.outer) {
        if (stretch.token != nullptr) {
            sink.add(stretch.token->id,
                     Range{static_cast<std::uint32_t>(stretch.begin), static_cast<std::uint32_t>(stretch.end)});
            continue;
        }
        AlignedText part(text.substr(stretch.begin, stretch.end - stretch.begin), stretch.begin, Sink::kRanges);
        m_shared->normaliser.apply(part);
        cache.inner.clear();
        m_shared->added.cut(part.bytes(), true, options.parseSpecialTokens, cache.inner);
        for (const Stretch& piece : cache.inner) {
            if (piece.token != nullptr) {
                sink.add(piece.token->id, part.origin(piece.begin, piece.end));
            } else if (cache.inner.size() == 1) {
                words(part, stretch.begin == 0);
            } else {
                AlignedText between({}, 0, Sink::kRanges);
                AlignedText::Rewrite rewrite(part);
                rewrite.keep(piece.begin, piece.end);
                between.take(std::move(rewrite));
                words(between, stretch.begin == 0 && piece.begin == 0);
            }
        }
    }
    if (options.addSpecialTokens)
        for (const Id id : m_shared->frame.after)
            sink.add(id, Range{static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(text.size())});
}

std::vector<Id> Tokenizer::encode(std::string_view text, const EncodeOptions& options) const
{
    IdSink sink;
    sink.ids.reserve(text.size() / 3 + 2);
    run(text, options, sink);
    return std::move(sink.ids);
}

Encoding Tokenizer::encodeWithRanges(std::string_view text, const EncodeOptions& options) const
{
    RangeSink sink;
    run(text, options, sink);
    if (isUtf8(text)) return std::move(sink.encoding);
    const auto origins = repairedOrigins(text); // ranges are of the repaired text
    for (Range& range : sink.encoding.ranges)
        range = {origins[range.begin], origins[range.end]};
    return std::move(sink.encoding);
}

std::string Tokenizer::decode(std::span<const Id> ids, bool skipSpecial) const
{
    std::vector<std::string> tokens;
    for (const Id id : ids) {
        const AddedToken* added = m_shared->added.find(id);
        if (added != nullptr && added->special && skipSpecial) continue;
        const std::string_view token = added != nullptr ? std::string_view(added->content) : m_shared->model.token(id);
        if (!token.empty()) tokens.emplace_back(token);
    }
    return m_shared->decoder.decode(std::move(tokens));
}

int Tokenizer::vocabulary() const
{
    return m_shared->vocabulary;
}

std::optional<Id> Tokenizer::idOf(std::string_view token) const
{
    if (const AddedToken* added = m_shared->added.find(token)) return added->id;
    return m_shared->model.idOf(token);
}

const SpecialTokens& Tokenizer::specials() const
{
    return m_shared->specials;
}

std::vector<std::string> Tokenizer::specialTokens() const
{
    std::vector<std::string> all;
    for (const AddedToken& token : m_shared->added.all())
        if (token.special && !token.content.empty()) all.push_back(token.content);
    std::ranges::stable_sort(all, std::ranges::greater(), &std::string::size);
    return all;
}

const std::string& Tokenizer::chatTemplate() const
{
    return m_shared->chatTemplate;
}

} // namespace gradus::text
