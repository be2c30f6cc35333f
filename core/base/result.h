// SPDX-License-Identifier: GPL-3.0-or-later
// Result<T>: a value, or one sentence that says what went wrong, where, and what to do about it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace gradus {

/// Why something was not done. The programs' exit codes follow from it (see exitCode).
enum class ErrorKind
{
    Failed,   ///< it was tried and did not work: exit code 1
    BadInput, ///< the user's file, key or argument is wrong: exit code 2
    Refused,  ///< not done for safety: exit code 3
    Stopped,  ///< the user or the system asked to stop: exit code 130
};

struct Error
{
    std::string message; ///< one sentence: what, where, cure; no trailing newline
    ErrorKind kind = ErrorKind::Failed;
    std::string key = {}; ///< dotted experiment key the error belongs to ("gap.curve"), empty if none
    int line = 0;         ///< 1-based place in the file, 0 if none
    int column = 0;

    friend bool operator==(const Error&, const Error&) = default;
};

inline Error badInput(std::string message)
{
    return Error{.message = std::move(message), .kind = ErrorKind::BadInput};
}
inline Error failed(std::string message)
{
    return Error{.message = std::move(message), .kind = ErrorKind::Failed};
}

inline int exitCode(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Failed: return 1;
    case ErrorKind::BadInput: return 2;
    case ErrorKind::Refused: return 3;
    case ErrorKind::Stopped: return 130;
    }
    return 1;
}

/// Holds either a T or an Error. Reading the side that is not there is a broken invariant (std::get throws).
template <typename T>
class [[nodiscard]] Result
{
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return m_state.index() == 0; }
    bool ok() const { return m_state.index() == 0; }

    T& value() & { return std::get<0>(m_state); }
    const T& value() const& { return std::get<0>(m_state); }
    T&& value() && { return std::get<0>(std::move(m_state)); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::get<0>(std::move(m_state)); }

    const Error& error() const { return std::get<1>(m_state); }

private:
    std::variant<T, Error> m_state;
};

/// Success without a value.
template <>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    explicit operator bool() const { return !m_error.has_value(); }
    bool ok() const { return !m_error.has_value(); }
    const Error& error() const { return *m_error; }

private:
    std::optional<Error> m_error;
};

} // namespace gradus
