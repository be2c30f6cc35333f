// SPDX-License-Identifier: GPL-3.0-or-later
// Several Qt Test classes in one executable: write GRADUS_SUITE(ClassName) after each class.
#pragma once

#include <QObject>

#include <functional>
#include <memory>

namespace gradus::tests {

/// Registers a test class to be run by the executable's main.
bool addSuite(std::function<std::unique_ptr<QObject>()> make);

/// Limits in wall time are multiplied by this: sanitizers slow code down, and their figures are nobody's.
#ifdef GRADUS_SANITIZED
inline constexpr int kPatience = 20;
#else
inline constexpr int kPatience = 1;
#endif

/// The seed of property tests: GRADUS_SEED from the environment or the date-independent default 20260101; printed once.
unsigned long long propertySeed();

} // namespace gradus::tests

#define GRADUS_SUITE(Class)                                                                                            \
    static const bool registered##Class = gradus::tests::addSuite([] { return std::make_unique<Class>(); });
