// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/cuda_kernels_impl.h"

#include "base/text.h"
#include "models/fused_kernels_source.h"

#include <ATen/DeviceAccelerator.h>

#include <array>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <vector>

#include <dlfcn.h>

namespace gradus::models {

namespace {

/// How NVRTC and the driver are called: their documented C interface, declared here so that no header is needed.
using Status = int;
constexpr int kComputeMajor = 75; ///< CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
constexpr int kComputeMinor = 76;

constexpr std::array kNames{"swiglu_forward", "swiglu_backward", "turn_heads", "token_logs", "token_gradient", "adamw"};
constexpr std::array kVariants{"f1", "f4", "b1", "b8"};

template <typename Function>
void take(void* library, const char* name, Function& function)
{
    function = reinterpret_cast<Function>(library != nullptr ? ::dlsym(library, name) : nullptr);
    if (function == nullptr) throw std::runtime_error(std::string("libtorch's libraries lack ") + name);
}

void check(Status status, const char* what)
{
    if (status != 0) throw std::runtime_error(std::string(what) + " answered error " + std::to_string(status));
}

} // namespace

/// The two libraries. libtorch's own loader of NVRTC knows where its wheel keeps it.
struct CudaKernels::Driver
{
    Status (*createProgram)(void**, const char*, const char*, int, const char* const*, const char* const*);
    Status (*compileProgram)(void*, int, const char* const*);
    Status (*destroyProgram)(void**);
    Status (*cubinSize)(void*, std::size_t*);
    Status (*cubin)(void*, char*);
    Status (*version)(int*, int*);

    Status (*init)(unsigned);
    Status (*deviceGet)(int*, int);
    Status (*attribute)(int*, int, int);
    Status (*deviceName)(char*, int, int);
    Status (*totalMemory)(std::size_t*, int);
    Status (*retainContext)(void**, int);
    Status (*setContext)(void*);
    Status (*loadModule)(void**, const void*);
    Status (*getFunction)(void**, void*, const char*);
    Status (*launchKernel)(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**,
                           void**);

    Driver()
    {
        void* driver = ::dlopen("libcuda.so.1", RTLD_NOW);
        take(driver, "cuInit", init);
        take(driver, "cuDeviceGet", deviceGet);
        take(driver, "cuDeviceGetAttribute", attribute);
        take(driver, "cuDeviceGetName", deviceName);
        take(driver, "cuDeviceTotalMem_v2", totalMemory);
        take(driver, "cuDevicePrimaryCtxRetain", retainContext);
        take(driver, "cuCtxSetCurrent", setContext);
        take(driver, "cuModuleLoadData", loadModule);
        take(driver, "cuModuleGetFunction", getFunction);
        take(driver, "cuLaunchKernel", launchKernel);
        void* compiler = nullptr;
        for (const char* name : {"libcaffe2_nvrtc.so", "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so"})
            if (compiler == nullptr) compiler = ::dlopen(name, RTLD_NOW);
        take(compiler, "nvrtcCreateProgram", createProgram);
        take(compiler, "nvrtcCompileProgram", compileProgram);
        take(compiler, "nvrtcDestroyProgram", destroyProgram);
        take(compiler, "nvrtcGetCUBINSize", cubinSize);
        take(compiler, "nvrtcGetCUBIN", cubin);
        take(compiler, "nvrtcVersion", version);
        loadBuiltins();
        check(init(0), "cuInit");
    }

private:
    /// NVRTC opens this one by its bare name, which only a process that has it already can resolve in a wheel.
    void loadBuiltins() const
    {
        int major = 0;
        int minor = 0;
        Dl_info place;
        if (version(&major, &minor) != 0 || ::dladdr(reinterpret_cast<void*>(version), &place) == 0) return;
        const std::string name = "libnvrtc-builtins.so." + std::to_string(major) + "." + std::to_string(minor);
        ::dlopen((std::filesystem::path(place.dli_fname).parent_path() / name).c_str(), RTLD_NOW | RTLD_GLOBAL);
    }
};

namespace {

std::vector<char> compiled(const CudaKernels::Driver& driver, const std::string& architecture)
{
    void* program = nullptr;
    check(driver.createProgram(&program, kFusedKernels, "fused_kernels.cu", 0, nullptr, nullptr), "NVRTC");
    const std::string target = "--gpu-architecture=sm_" + architecture;
    const std::array options{target.c_str(), "--std=c++17"};
    const Status status = driver.compileProgram(program, static_cast<int>(options.size()), options.data());
    std::size_t size = 0;
    std::vector<char> code;
    if (status == 0 && driver.cubinSize(program, &size) == 0) {
        code.resize(size);
        if (driver.cubin(program, code.data()) != 0) code.clear();
    }
    driver.destroyProgram(&program);
    if (code.empty()) throw std::runtime_error("NVRTC could not compile for sm_" + architecture);
    return code;
}

/// Throws where a library is missing, at every call until it is there.
const CudaKernels::Driver& sharedDriver()
{
    static const CudaKernels::Driver driver;
    return driver;
}

/// What was found for each device, asked once.
struct Made
{
    std::optional<CudaKernels> kernels;
    std::string missing;
};

const Made& madeFor(int device)
{
    static std::mutex mutex;
    static std::map<int, Made> all;
    const std::lock_guard lock(mutex);
    const auto found = all.find(device);
    if (found != all.end()) return found->second;
    Made& made = all[device];
    try {
        made.kernels.emplace(sharedDriver(), device);
    } catch (const std::exception& exception) {
        made.missing = exception.what();
    }
    return made;
}

} // namespace

CudaKernels::CudaKernels(const Driver& driver, int device) : m_driver(driver), m_device(device)
{
    int handle = 0;
    int major = 0;
    int minor = 0;
    check(driver.deviceGet(&handle, device), "cuDeviceGet");
    check(driver.attribute(&major, kComputeMajor, handle), "cuDeviceGetAttribute");
    check(driver.attribute(&minor, kComputeMinor, handle), "cuDeviceGetAttribute");
    check(driver.retainContext(&m_context, handle), "cuDevicePrimaryCtxRetain");
    check(driver.setContext(m_context), "cuCtxSetCurrent");
    const std::vector<char> code = compiled(driver, std::to_string(major) + std::to_string(minor));
    check(driver.loadModule(&m_module, code.data()), "cuModuleLoadData");
    for (const char* name : kNames)
        for (const char* variant : kVariants) {
            const std::string kernel = std::string(name) + "_" + variant;
            check(driver.getFunction(&m_functions[kernel], m_module, kernel.c_str()), "cuModuleGetFunction");
        }
}

const CudaKernels* CudaKernels::of(const at::Tensor& tensor)
{
    if (!tensor.is_cuda()) return nullptr;
    const Made& made = madeFor(tensor.device().has_index() ? tensor.device().index() : 0);
    return made.kernels ? &*made.kernels : nullptr;
}

double CudaKernels::totalMemory(int device)
{
    try {
        const Driver& driver = sharedDriver();
        int handle = 0;
        std::size_t bytes = 0;
        check(driver.deviceGet(&handle, device), "cuDeviceGet");
        check(driver.totalMemory(&bytes, handle), "cuDeviceTotalMem");
        return static_cast<double>(bytes);
    } catch (const std::exception&) {
        return 0;
    }
}

std::string CudaKernels::describe(int device)
{
    try {
        const Driver& driver = sharedDriver();
        int handle = 0;
        std::array<char, 256> name{};
        check(driver.deviceGet(&handle, device), "cuDeviceGet");
        check(driver.deviceName(name.data(), static_cast<int>(name.size()) - 1, handle), "cuDeviceGetName");
        return std::string(name.data()) + ", " + fixedText(totalMemory(device) / (1 << 30), 1) + " GiB";
    } catch (const std::exception&) {
        return {};
    }
}

std::string CudaKernels::missing(const at::Device& device)
{
    if (!device.is_cuda()) return "the device is not a GPU";
    return madeFor(device.has_index() ? device.index() : 0).missing;
}

void CudaKernels::launchRaw(const std::string& kernel, std::int64_t blocks, int threads, void** arguments) const
{
    if (blocks == 0) return;
    // Autograd's own threads may not have met this context yet.
    check(m_driver.setContext(m_context), "cuCtxSetCurrent");
    void* stream = at::accelerator::getCurrentStream(static_cast<c10::DeviceIndex>(m_device)).native_handle();
    const Status status = m_driver.launchKernel(m_functions.at(kernel), static_cast<unsigned>(blocks), 1, 1,
                                                static_cast<unsigned>(threads), 1, 1, 0, stream, arguments, nullptr);
    if (status != 0)
        throw std::runtime_error("The kernel " + kernel + " was refused by the driver with error " +
                                 std::to_string(status));
}

} // namespace gradus::models
