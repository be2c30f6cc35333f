// SPDX-License-Identifier: GPL-3.0-or-later
// Examples of a tuning by number: a list in memory, or a file from which a few at a time are read.
#pragma once

#include "base/result.h"
#include "engine/taught_example.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace gradus::engine {

/// Neither changes while it is read. One thread at a time.
class Examples
{
public:
    virtual ~Examples() = default;
    virtual std::size_t size() const = 0;
    /// i below size(). Throws std::runtime_error where it cannot be read any more.
    virtual std::shared_ptr<const TaughtExample> at(std::size_t i) const = 0;
};

/// Borrows the list.
class ListedExamples final : public Examples
{
public:
    explicit ListedExamples(const std::vector<TaughtExample>& list) : m_list(list) {}
    std::size_t size() const override { return m_list.size(); }
    std::shared_ptr<const TaughtExample> at(std::size_t i) const override
    {
        return {std::shared_ptr<const TaughtExample>(), &m_list[i]}; // owned by the list
    }

private:
    const std::vector<TaughtExample>& m_list;
};

/// Examples laid down in a file of this process alone, which has no name and is gone with it: eight bytes an example
/// stand in memory, and about four a token on the disk.
class FiledExamples final : public Examples
{
public:
    /// A file in that folder; failed where none can be made.
    static Result<FiledExamples> create(const std::filesystem::path& folder);
    ~FiledExamples() override;
    FiledExamples(FiledExamples&& other) noexcept;
    FiledExamples& operator=(FiledExamples&& other) noexcept;

    /// Failed where the disk is full.
    Result<void> add(const TaughtExample& example);
    /// After the last one. classes: targets are widened with zeros to so many; 0: they stay as they are.
    Result<void> finish(std::size_t classes);

    std::size_t size() const override { return m_begins.size() - 1; }
    std::shared_ptr<const TaughtExample> at(std::size_t i) const override;

private:
    explicit FiledExamples(int file) : m_file(file) {}
    Result<void> flush();

    int m_file = -1;
    std::vector<std::uint64_t> m_begins{0}; ///< in bytes; one more than there are examples
    std::vector<char> m_unwritten;
    std::size_t m_classes = 0;
};

} // namespace gradus::engine
