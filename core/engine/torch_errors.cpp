// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch_errors_impl.h"

#include "base/text.h"

#include <c10/util/Exception.h>

#include <new>

namespace gradus::engine {

Error errorOf(const std::string& what, const std::exception& exception, const std::string& lessMemory)
{
    const auto* fromTorch = dynamic_cast<const c10::Error*>(&exception);
    const std::string text = fromTorch ? fromTorch->what_without_backtrace() : exception.what();
    const bool noMemory = dynamic_cast<const std::bad_alloc*>(&exception) != nullptr ||
                          dynamic_cast<const c10::OutOfMemoryError*>(&exception) != nullptr ||
                          text.find("allocate memory") != std::string::npos ||
                          text.find("not enough memory") != std::string::npos;
    if (noMemory) return failed(what + " ran out of memory; " + lessMemory + ".");
    return failed(what + " failed inside libtorch: " + visible(text, 300) + "; report this with the experiment file.");
}

} // namespace gradus::engine
