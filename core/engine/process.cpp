// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tuning.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/headeronly/version.h>

#include <climits>
#include <cstdlib>

#include <malloc.h>
#include <unistd.h>

namespace gradus::engine {

void prepareProcess(char** argv)
{
    // Activations of a few MB would otherwise be mapped, faulted in and given back on every step.
    ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
    ::mallopt(M_TRIM_THRESHOLD, INT_MAX);
    ::mallopt(M_TOP_PAD, 64 << 20);
    // libgomp reads its environment when it is loaded, before main: only a new process image can change it. Spinning
    // waits are what makes two busy threads on a shared machine several times slower than one.
    if (std::getenv("OMP_WAIT_POLICY")) return;
    if (::setenv("OMP_WAIT_POLICY", "passive", 0) != 0) return;
    ::execv("/proc/self/exe", argv); // on failure: go on, only slower
}

std::string describeLibrary()
{
    return std::string("libtorch ") + TORCH_VERSION + ", " + (at::hasCUDA() ? "CUDA" : "CPU") + ", " +
           at::get_cpu_capability();
}

void useThreads(int threads)
{
    // The first question makes libtorch set up this thread from the process-wide number; only then does ours stay.
    at::get_num_threads();
    at::set_num_threads(threads > 0 ? threads : 1);
}

} // namespace gradus::engine
