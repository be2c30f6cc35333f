// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/examples.h"

#include "base/files.h"
#include "base/text.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <span>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace gradus::engine {

namespace {

constexpr std::size_t kWrittenAtOnce = std::size_t{1} << 20;

template <typename Value>
void append(std::vector<char>& bytes, const std::vector<Value>& values)
{
    const auto count = static_cast<std::uint32_t>(values.size());
    const std::size_t begin = bytes.size();
    bytes.resize(begin + sizeof count + values.size() * sizeof(Value));
    std::memcpy(bytes.data() + begin, &count, sizeof count);
    if (count > 0) std::memcpy(bytes.data() + begin + sizeof count, values.data(), values.size() * sizeof(Value));
}

/// Reads what append wrote; the bytes are our own, and short ones end it.
class Taker final
{
public:
    explicit Taker(std::span<const char> bytes) : m_bytes(bytes) {}

    void copy(void* to, std::size_t size)
    {
        if (size > m_bytes.size()) throw std::runtime_error("The file of examples ends too early: check the disk.");
        std::memcpy(to, m_bytes.data(), size);
        m_bytes = m_bytes.subspan(size);
    }
    template <typename Value>
    std::vector<Value> list()
    {
        std::uint32_t count = 0;
        copy(&count, sizeof count);
        std::vector<Value> values(std::min<std::size_t>(count, m_bytes.size() / sizeof(Value) + 1));
        if (count > 0) copy(values.data(), values.size() * sizeof(Value));
        return values;
    }
    bool done() const { return m_bytes.empty(); }

private:
    std::span<const char> m_bytes;
};

} // namespace

Result<FiledExamples> FiledExamples::create(const std::filesystem::path& folder)
{
    std::string name = (folder / ".examples-XXXXXX").string();
    const int file = ::mkostemp(name.data(), O_CLOEXEC);
    if (file < 0) return failed("Cannot write examples into " + visible(folder.string()) + ": " + causeOf(errno) + ".");
    ::unlink(name.c_str()); // nothing is left behind, however this ends
    return FiledExamples(file);
}

FiledExamples::~FiledExamples()
{
    if (m_file >= 0) ::close(m_file);
}

FiledExamples::FiledExamples(FiledExamples&& other) noexcept
    : m_file(std::exchange(other.m_file, -1)), m_begins(std::move(other.m_begins)),
      m_unwritten(std::move(other.m_unwritten)), m_classes(other.m_classes)
{
}

FiledExamples& FiledExamples::operator=(FiledExamples&& other) noexcept
{
    std::swap(m_file, other.m_file);
    std::swap(m_begins, other.m_begins);
    std::swap(m_unwritten, other.m_unwritten);
    std::swap(m_classes, other.m_classes);
    return *this;
}

Result<void> FiledExamples::add(const TaughtExample& example)
{
    const std::size_t begin = m_unwritten.size();
    append(m_unwritten, std::vector<float>{example.preference});
    append(m_unwritten, example.target);
    for (const TaughtSequence& sequence : example.sequences) {
        append(m_unwritten, sequence.tokens);
        append(m_unwritten, sequence.taught);
    }
    m_begins.push_back(m_begins.back() + (m_unwritten.size() - begin));
    return m_unwritten.size() < kWrittenAtOnce ? Result<void>() : flush();
}

Result<void> FiledExamples::flush()
{
    for (std::size_t at = 0; at < m_unwritten.size();) {
        const ssize_t written = ::write(m_file, m_unwritten.data() + at, m_unwritten.size() - at);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return failed("Cannot lay down the examples: " + causeOf(errno) + ".");
        at += static_cast<std::size_t>(written);
    }
    m_unwritten.clear();
    return {};
}

Result<void> FiledExamples::finish(std::size_t classes)
{
    m_classes = classes;
    return flush();
}

std::shared_ptr<const TaughtExample> FiledExamples::at(std::size_t i) const
{
    std::vector<char> bytes(m_begins[i + 1] - m_begins[i]);
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t read =
            ::pread(m_file, bytes.data() + at, bytes.size() - at, static_cast<off_t>(m_begins[i] + at));
        if (read < 0 && errno == EINTR) continue;
        if (read <= 0) throw std::runtime_error("The examples cannot be read again: check the disk.");
        at += static_cast<std::size_t>(read);
    }
    Taker taker(bytes);
    auto example = std::make_shared<TaughtExample>();
    example->preference = taker.list<float>().at(0);
    example->target = taker.list<float>();
    if (m_classes > 0) example->target.resize(m_classes);
    while (!taker.done()) {
        TaughtSequence sequence{.tokens = taker.list<std::int32_t>()};
        sequence.taught = taker.list<TokenRange>();
        example->sequences.push_back(std::move(sequence));
    }
    return example;
}

} // namespace gradus::engine
