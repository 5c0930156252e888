fetch(`${process.env.AZRUN_URL.replace('https:', 'http:')}/_emulator/health`)
  .then(response => response.json())
  .then(({ status }) => console.log(status))
