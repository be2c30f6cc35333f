// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/arithmetic.h"

#include <charconv>
#include <cmath>

namespace gradus::viewmodels {

namespace {

constexpr int kDeepest = 50;

/// sum: product (+|-) ...; product: factor (*|/) ...; factor: sign factor, (sum), number. NaN is a fault.
class Reader final
{
public:
    explicit Reader(std::string_view text) : m_rest(text) {}

    double whole()
    {
        const double value = sum(0);
        skip();
        return m_rest.empty() ? value : std::nan("");
    }

private:
    void skip()
    {
        while (!m_rest.empty() && m_rest.front() == ' ')
            m_rest.remove_prefix(1);
    }
    bool take(char c)
    {
        skip();
        if (m_rest.empty() || m_rest.front() != c) return false;
        m_rest.remove_prefix(1);
        return true;
    }
    double sum(int depth)
    {
        double value = product(depth);
        for (;;) {
            if (take('+'))
                value += product(depth);
            else if (take('-'))
                value -= product(depth);
            else
                return value;
        }
    }
    double product(int depth)
    {
        double value = factor(depth);
        for (;;) {
            if (take('*'))
                value *= factor(depth);
            else if (take('/'))
                value /= factor(depth);
            else
                return value;
        }
    }
    double factor(int depth)
    {
        if (depth > kDeepest) return std::nan("");
        if (take('-')) return -factor(depth + 1);
        if (take('+')) return factor(depth + 1);
        if (take('(')) {
            const double value = sum(depth + 1);
            return take(')') ? value : std::nan("");
        }
        return number();
    }
    double number()
    {
        skip();
        // from_chars also reads "inf" and "nan", which nobody types for a number.
        if (m_rest.empty() || !(m_rest.front() == '.' || (m_rest.front() >= '0' && m_rest.front() <= '9')))
            return std::nan("");
        double value = 0;
        const auto [end, fault] = std::from_chars(m_rest.data(), m_rest.data() + m_rest.size(), value);
        if (fault != std::errc()) return std::nan("");
        m_rest.remove_prefix(static_cast<std::size_t>(end - m_rest.data()));
        return value;
    }

    std::string_view m_rest;
};

} // namespace

std::optional<double> arithmetic(std::string_view text)
{
    const double value = Reader(text).whole();
    if (!std::isfinite(value)) return std::nullopt;
    return value;
}

} // namespace gradus::viewmodels
